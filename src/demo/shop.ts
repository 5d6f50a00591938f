/** The demo's database: tables that grow and change, and a second database that a sink fills. */
import { systemClock } from '../base/clock.ts';
import type { DatabaseConnection } from '../mysql/connection.ts';
import { parseJdbcUrl } from '../mysql/jdbc-url.ts';
import { openConnection } from '../mysql/open-connection.ts';
import { type MariaDb, startMariaDb } from './mariadb.ts';
import { DEMO_TABLES, type DemoTable } from './tables.ts';

const SOURCE = 'kafkadb';
const COPY = 'kafkacopy';
const USER = 'kafka';
const PASSWORD = 'kafka123';

const FIRST_STATEMENTS = [
  `CREATE DATABASE ${SOURCE}`,
  `CREATE DATABASE ${COPY}`,
  `CREATE USER ${USER}@'%' IDENTIFIED BY '${PASSWORD}'`,
  `GRANT ALL ON ${SOURCE}.* TO ${USER}@'%'`,
  `GRANT ALL ON ${COPY}.* TO ${USER}@'%'`,
];
/** Rows without a key can only be replaced by one that they get here. */
const BULK_COPY = `CREATE TABLE ${COPY}.bulk_tab (name VARCHAR(255) PRIMARY KEY, log VARCHAR(255))`;
const BULK_ROWS = 10;
const STEP_MS = 500;
const ROWS_PER_STATEMENT = 2_000;

const NAMES = ['전용필', '윤진희', '김가영', 'Ada', 'Grace', 'Linus', 'Barbara'];
const PRODUCTS = ['computer', 'mouse', 'keyboard', '모니터', 'printer'];

/** How a table is compared with its copy: all of its columns, dates to the second. */
const COMPARED: Readonly<Record<DemoTable, readonly string[]>> = {
  customers: ['id', 'name', 'email', dateText('created'), dateText('modified')],
  products: ['seq', 'name', dateText('created'), dateText('modified')],
  orders: ['seq', 'name', 'product'],
  bulk_tab: ['name', 'log'],
};

function dateText(column: string): string {
  return `DATE_FORMAT(${column}, '%Y-%m-%d %H:%i:%s')`;
}

export interface TableState {
  readonly table: DemoTable;
  readonly rows: number;
  /** Rows that have come to the second database. */
  readonly copied: number;
  /** Every row is there, with every value. */
  readonly isEqual: boolean;
}

export class Shop {
  readonly server: MariaDb;
  readonly #connection: DatabaseConnection;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #step = Promise.resolve();
  #customers = 0;

  private constructor(server: MariaDb, connection: DatabaseConnection) {
    this.server = server;
    this.#connection = connection;
  }

  /** Throws ConnectError, or the signal's reason; nothing runs then. */
  static async start(folder: string, signal: AbortSignal): Promise<Shop> {
    const server = await startMariaDb({ folder, firstStatements: FIRST_STATEMENTS, signal });
    try {
      const shop = new Shop(server, await openConnection(parseJdbcUrl(urlOf(server, SOURCE)), { clock: systemClock, signal }));
      for (const statement of [...Object.values(DEMO_TABLES), BULK_COPY]) await shop.#connection.execute(statement);
      await shop.#connection.executeRows(
        { head: 'INSERT INTO bulk_tab(name,log) VALUES', row: '(?,?)', tail: '' },
        Array.from({ length: BULK_ROWS }, (_, i) => [`host-${i + 1}`, 'all is well']),
      );
      return shop;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get sourceUrl(): string {
    return urlOf(this.server, SOURCE);
  }

  get copyUrl(): string {
    return urlOf(this.server, COPY);
  }

  /** So many new customers and orders and a tenth as many products at once, and a change of every hundredth customer. */
  async write(rows: number): Promise<void> {
    for (let written = 0; written < rows; written += ROWS_PER_STATEMENT) await this.#add(Math.min(ROWS_PER_STATEMENT, rows - written));
    await this.#connection.execute("UPDATE customers SET name = CONCAT(name, '*') WHERE id % 100 = 0");
  }

  /** From now on some rows twice a second, each with a change of older ones, until `stop`. `onFailure`: what ended it. */
  grow(onFailure: (error: unknown) => void): void {
    this.#timer = setTimeout(() => {
      this.#step = this.#grow().then(
        () => {
          if (this.#timer !== null) this.grow(onFailure);
        },
        (error) => {
          if (this.#timer !== null) onFailure(error);
        },
      );
    }, STEP_MS);
  }

  async compare(): Promise<TableState[]> {
    const states: TableState[] = [];
    for (const [table, columns] of Object.entries(COMPARED)) {
      const [rows, sum] = await this.#fingerprint(`${SOURCE}.${table}`, columns);
      // A table that its sink has not made yet holds nothing.
      const { rows: found } = await this.#connection.query('SHOW TABLES FROM kafkacopy LIKE ?', [table]);
      const [copied, copySum] = found.length === 0 ? [0, ''] : await this.#fingerprint(`${COPY}.${table}`, columns);
      states.push({ table: table as DemoTable, rows, copied, isEqual: rows === copied && sum === copySum });
    }
    return states;
  }

  /** Ends the server too. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#step;
    await this.#connection.close();
    await this.server.stop();
  }

  async #grow(): Promise<void> {
    await this.#add(1 + (this.#customers % 3));
    await this.#connection.execute("UPDATE customers SET name = CONCAT(LEFT(name, 20), '*') ORDER BY RAND() LIMIT 1");
    await this.#connection.execute("UPDATE products SET name = CONCAT(LEFT(name, 20), '*') ORDER BY RAND() LIMIT 1");
    await this.#connection.execute("UPDATE bulk_tab SET log = CONCAT('seen at ', CURRENT_TIMESTAMP) ORDER BY RAND() LIMIT 1");
  }

  async #add(count: number): Promise<void> {
    const numbers = Array.from({ length: count }, () => ++this.#customers);
    const nameOf = (number: number) => NAMES[number % NAMES.length]!;
    const productOf = (number: number) => PRODUCTS[number % PRODUCTS.length]!;
    const insert = (head: string, rows: (readonly string[])[]) =>
      this.#connection.executeRows(
        {
          head,
          row: `(${Array(rows[0]?.length ?? 0)
            .fill('?')
            .join(',')})`,
          tail: '',
        },
        rows,
      );
    await insert(
      'INSERT INTO customers(name,email) VALUES',
      numbers.map((number) => [nameOf(number), `customer${number}@kafka.com`]),
    );
    await insert(
      'INSERT INTO orders(name,product) VALUES',
      numbers.map((number) => [nameOf(number), productOf(number)]),
    );
    await insert(
      'INSERT INTO products(name) VALUES',
      numbers.filter((number) => number % 10 === 0).map((number) => [`${productOf(number)} ${number}`]),
    );
  }

  async #fingerprint(table: string, columns: readonly string[]): Promise<[rows: number, sum: string]> {
    const { rows } = await this.#connection.query(`SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS('|', ${columns.join(', ')}))) FROM ${table}`);
    return [Number(rows[0]![0]), String(rows[0]![1])];
  }
}

function urlOf({ host, port }: MariaDb, database: string): string {
  return `jdbc:mysql://${host}:${port}/${database}?user=${USER}&password=${PASSWORD}`;
}
