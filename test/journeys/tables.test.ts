/** What a JDBC source asks its database, table by table: on a real MariaDB, from the list of connectors to the SQL and what it would miss. */
import { createDatabase } from '../helpers/mariadb.ts';
import { journey } from './journey.ts';

const JDBC_SOURCE = 'io.confluent.connect.jdbc.JdbcSourceConnector';

journey('sees what a JDBC source asks, what it would miss, and that it reads on', {}, async (t) => {
  const database = await createDatabase('journey', ['customers', 'products']);
  try {
    await database.run(
      "INSERT INTO customers(name, email, created, modified) VALUES ('전지현', 'jyh@kafka.com', '2022-01-21 00:44:13', '2022-01-21 00:44:13')",
      'CREATE INDEX modified ON products (modified)',
    );
    const source = t.name('jdbc');
    await t.worker([
      {
        name: source,
        'connector.class': JDBC_SOURCE,
        'tasks.max': '2',
        'connection.url': database.url,
        'catalog.pattern': database.name,
        mode: 'timestamp',
        'timestamp.column.name': 'modified',
        'topic.prefix': `${source}-`,
        'poll.interval.ms': '200',
      },
    ]);
    t.press('go.connectors');
    // The figures of its tasks have come, and those of its tables with them.
    await t.row(source).shows(/moving|ago/);
    t.press('connector.tables');
    await t.shows('2 of 2');
    await t.row('customers').select();
    await t.row('customers').shows(/ 1 /);
    // The statement of the last poll whole, its parameters, and the place that the next one begins behind.
    await t.shows(/SQL +SELECT \* FROM [\s\S]*`customers`\.`modified` > \?[\s\S]*`modified` < \?[\s\S]*ORDER BY[\s\S]*ASC/);
    await t.shows(/\? = +2022-01-21 00:44:13 {2}20\d\d-/);
    await t.shows(/offset +\{"timestamp_nanos":0,"timestamp":1642725853000\}/);
    await t.shows(/No index begins with `modified`[\s\S]*CREATE INDEX/);
    await t.shows(/`modified` has whole seconds[\s\S]*timestamp\.delay\.interval\.ms/);
    await t.row('products').select();
    await t.lacks('No index begins with');
    await t.shows('whole seconds');
    await database.run("INSERT INTO products(name, created, modified) VALUES ('키보드', '2022-01-23 02:26:25', '2022-01-23 02:26:25')");
    await t.row('products').shows(/ 1 /);
    await t.shows('"timestamp":1642904785000');
    t.press('connector.tables');
    await t.row(source).shows('RUNNING');
  } finally {
    await database.drop();
  }
});
