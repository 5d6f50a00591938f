/**
 * The language of journeys: what an operator does and sees, on the real program in a real pseudo-terminal with real brokers. Keys go by
 * the id of their command, rows by their text, waits by what the screen shows. KCONSOLE_JOURNEY_SHOW=1 prints each screen.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { test } from 'vitest';
import { leftWorkers, type Registration, stopLeftWorker } from '../../src/cli/left/registration.ts';
import { freePort } from '../../src/demo/free-port.ts';
import { testBootstrap } from '../helpers/kafka-clients.ts';
import { bytesOfCommand, bytesOfKey } from '../helpers/key-bytes.ts';
import { LIMIT_MS, waitUntil } from '../helpers/wait-until.ts';
import { MAIN, type Properties, writeProperties } from '../helpers/worker-process.ts';

export interface JourneyOptions {
  readonly size?: readonly [columns: number, rows: number];
  /** What is written is taken at once and arrives at so many bytes a second, as over ssh on a slow line. */
  readonly bytesPerSec?: number;
}

/** One journey is one test; what it started ends with it. */
export function journey(name: string, options: JourneyOptions, travel: (t: Journey) => Promise<void>): void {
  test(name, async () => {
    await using t = new Journey(options);
    try {
      await travel(t);
    } catch (error) {
      if (error instanceof Error) error.message += `\nThe screen at the end:\n${await t.text()}`;
      throw error;
    }
  });
}

export class Journey implements AsyncDisposable {
  readonly folder: string = mkdtempSync(path.join(tmpdir(), 'kconsole-journey-'));
  /** Short, so that names are whole on the screen. */
  readonly #prefix = randomBytes(3).toString('hex');
  readonly #terminal: xterm.Terminal;
  #pty: IPty | null = null;
  /** Answers of the terminal that wait for the end of a key's bytes. */
  #held: string[] = [];
  #isDripping = false;
  #exit = Promise.withResolvers<{ exitCode: number; signal: number }>();
  /** Every byte that the program has written to the terminal. */
  written = '';

  readonly #bytesPerSec: number | null;
  #onTheWay = Buffer.alloc(0);
  #line: NodeJS.Timeout | null = null;

  constructor({ size = [80, 24], bytesPerSec }: JourneyOptions) {
    this.#bytesPerSec = bytesPerSec ?? null;
    this.#terminal = new xterm.Terminal({ cols: size[0], rows: size[1], allowProposedApi: true, scrollback: 0 });
    // A terminal answers what it is asked.
    this.#terminal.onData((answer) => {
      this.#held.push(answer);
      if (!this.#isDripping) this.#answer();
    });
  }

  // ---- what the journey is about

  /** A name of this journey's own, for topics and connectors. */
  name(word: string): string {
    return `${this.#prefix}-${word}`;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  writes(name: string, text: string): string {
    mkdirSync(path.dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  appends(name: string, text: string): void {
    appendFileSync(this.file(name), text);
  }

  reads(name: string): string {
    return readFileSync(this.file(name), 'utf8');
  }

  async fileHolds(name: string, check: (text: string) => boolean): Promise<void> {
    await waitUntil(`${name} holds what it should`, () => (check(this.reads(name)) ? true : this.reads(name).slice(-200)));
  }

  /** Starts `kconsole standalone` with these connectors, console on top. */
  async worker(
    connectors: readonly Properties[],
    more: { readonly flags?: readonly string[]; readonly properties?: Properties } = {},
  ): Promise<void> {
    const worker = writeProperties(this.file('worker.properties'), { ...(await this.workerProperties()), ...more.properties });
    const files = connectors.map((connector, i) => {
      const file = this.file(`connector-${i}.json`);
      writeFileSync(file, JSON.stringify(connector));
      return file;
    });
    this.starts(['standalone', worker, ...files, ...(more.flags ?? [])]);
    // Drawn, and connected.
    await this.shows('incidents');
    await this.lacks('connecting');
    await this.shows(/\d\/\d brokers/);
  }

  async workerProperties(): Promise<Properties> {
    return {
      'bootstrap.servers': testBootstrap(),
      'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'offset.storage.file.filename': this.file('connect.offsets'),
      'offset.flush.interval.ms': '1000',
      listeners: `http://127.0.0.1:${await freePort()}`,
    };
  }

  source(name: string, file: string, topic: string): Properties {
    return { name, 'connector.class': 'FileStreamSource', 'tasks.max': '1', file, topic };
  }

  sink(name: string, file: string, topics: string): Properties {
    return { name, 'connector.class': 'FileStreamSink', 'tasks.max': '1', file, topics };
  }

  /** Starts the program with any arguments. */
  starts(args: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
    this.startsProgram(process.execPath, [MAIN, ...args], environment);
  }

  /** Starts any program on the terminal (a shell that starts ours). */
  startsProgram(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
    const { COLUMNS: _c, LINES: _l, CI: _ci, NO_COLOR: _n, FORCE_COLOR: _f, NODE_ENV: _e, ...inherited } = process.env;
    this.#exit = Promise.withResolvers();
    this.#pty = spawn(program, [...args], {
      name: 'xterm-256color',
      cols: this.#terminal.cols,
      rows: this.#terminal.rows,
      cwd: this.folder,
      env: {
        ...inherited,
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        LC_ALL: 'C.UTF-8',
        XDG_STATE_HOME: this.file('state'),
        XDG_CONFIG_HOME: this.file('config'),
        DEV: 'true',
        ...environment,
      },
    });
    this.#pty.onData((data) => {
      this.written += data;
      this.#arrives(data);
    });
    const ended = this.#exit;
    this.#pty.onExit((exit) => ended.resolve({ exitCode: exit.exitCode, signal: exit.signal ?? 0 }));
  }

  #arrives(data: string): void {
    const perSec = this.#bytesPerSec;
    if (perSec === null) {
      this.#terminal.write(data);
      return;
    }
    this.#onTheWay = Buffer.concat([this.#onTheWay, Buffer.from(data)]);
    this.#line ??= setInterval(() => {
      const count = Math.floor(perSec / 50);
      this.#terminal.write(this.#onTheWay.subarray(0, count));
      this.#onTheWay = this.#onTheWay.subarray(count);
    }, 20);
  }

  // ---- what the operator does

  press(...commandIds: readonly string[]): void {
    for (const id of commandIds) this.#send(bytesOfCommand(id));
  }

  keys(...keys: readonly string[]): void {
    for (const key of keys) this.#send(bytesOfKey(key));
  }

  types(text: string): void {
    this.#send(text);
  }

  /** The bytes of a key one by one, as a slow line brings them. What the terminal answers meanwhile comes behind them. */
  async drips(bytes: string, gapMs: number): Promise<void> {
    this.#isDripping = true;
    for (const byte of bytes) {
      this.#send(byte);
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
    this.#isDripping = false;
    this.#answer();
  }

  #answer(): void {
    for (const answer of this.#held.splice(0)) this.#send(answer);
  }

  /** A `:` command. */
  async command(line: string): Promise<void> {
    this.press('app.command');
    await this.shows(/^ :/m);
    this.types(line);
    await this.shows(`:${line}`);
    this.keys('enter');
    await this.lacks(/^ :/m);
  }

  async filter(text: string): Promise<void> {
    this.press('app.filter');
    await this.shows(/^ \//m);
    this.types(text);
    await this.shows(` /${text}`);
    this.keys('enter');
  }

  pastes(text: string): void {
    this.#send(`\x1b[200~${text}\x1b[201~`);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  resizes(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#pty?.resize(columns, rows);
  }

  /** The terminal goes, as when an ssh session breaks: its other end is closed, and the system hangs up on who held it. */
  losesTerminal(): void {
    (this.#pty as unknown as { destroy(): void }).destroy();
    this.#pty = null;
  }

  /** What a console on this journey's host would find. */
  leftWorkers(): Registration[] {
    return leftWorkers(this.file('state/kconsole/workers'));
  }

  /** Waits for the one worker that goes on without a screen. */
  async leftWorker(): Promise<Registration> {
    await waitUntil('a worker is left', () => this.leftWorkers().length === 1);
    return this.leftWorkers()[0]!;
  }

  #send(bytes: string): void {
    this.#pty?.write(bytes);
  }

  get pid(): number {
    return this.#pty?.pid ?? -1;
  }

  // ---- what they see

  async text(): Promise<string> {
    return new Promise((resolve) => {
      this.#terminal.write('', () => {
        const { active } = this.#terminal.buffer;
        const lines = Array.from({ length: this.#terminal.rows }, (_, i) => active.getLine(i)?.translateToString(true) ?? '');
        resolve(lines.join('\n'));
      });
    });
  }

  async shows(wanted: string | RegExp, timeoutMs = LIMIT_MS): Promise<string> {
    return this.#until(`the screen shows ${wanted}`, (text) => matches(text, wanted), timeoutMs);
  }

  async lacks(unwanted: string | RegExp, timeoutMs = LIMIT_MS): Promise<string> {
    return this.#until(`the screen lacks ${unwanted}`, (text) => !matches(text, unwanted), timeoutMs);
  }

  async #until(sentence: string, check: (text: string) => boolean, timeoutMs: number): Promise<string> {
    let last = '';
    await waitUntil(
      () => `${sentence}; it is\n${last}\n`,
      async () => {
        last = await this.text();
        return check(last);
      },
      timeoutMs,
    );
    if (process.env.KCONSOLE_JOURNEY_SHOW) process.stdout.write(`── ${sentence}\n${last}\n`);
    return last;
  }

  /** The row that holds this text. */
  row(text: string): Row {
    return new Row(this, text);
  }

  dialog(): DialogOnScreen {
    return new DialogOnScreen(this);
  }

  async isAlternate(): Promise<boolean> {
    await this.text();
    return this.#terminal.buffer.active.type === 'alternate';
  }

  // ---- the end

  /** Resolves with the exit code. */
  async ends(): Promise<number> {
    return (await this.#exit.promise).exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#pty) {
      try {
        process.kill(this.pid, 0);
        this.#pty.kill('SIGTERM');
      } catch {
        // It has ended already.
      }
      await Promise.race([this.#exit.promise, new Promise((resolve) => setTimeout(resolve, 10_000))]);
    }
    for (const worker of this.leftWorkers()) await stopLeftWorker(worker);
    if (this.#line) clearInterval(this.#line);
    this.#terminal.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A row of a table, found by its text. */
export class Row {
  readonly #t: Journey;
  readonly #text: string;

  constructor(t: Journey, text: string) {
    this.#t = t;
    this.#text = text;
  }

  async #line(): Promise<string> {
    return (await this.#t.text()).split('\n').find((line) => line.includes(this.#text) && !line.includes('›')) ?? '';
  }

  async shows(wanted: string | RegExp, timeoutMs = LIMIT_MS): Promise<void> {
    let last = '';
    await waitUntil(
      () => `the row of ${this.#text} shows ${wanted}; it is "${last}"`,
      async () => {
        last = await this.#line();
        return matches(last, wanted);
      },
      timeoutMs,
    );
  }

  /** Moves the cursor to it. */
  async select(): Promise<void> {
    await this.shows(this.#text);
    await this.#moves('move.top');
    for (let i = 0; i < 200; i++) {
      if ((await this.#settledCursor()).includes(this.#text)) return;
      await this.#moves('move.down');
    }
    throw new Error(`the cursor does not reach ${this.#text}`);
  }

  /** A prompt opens behind the key: once it is seen, what the key did is on the screen as well. */
  async #moves(commandId: string): Promise<void> {
    this.#t.press(commandId, 'app.command');
    await this.#t.shows(/^ :/m);
    this.#t.keys('backspace');
    await this.#t.lacks(/^ :/m);
  }

  async #cursorLine(): Promise<string> {
    return (await this.#t.text()).split('\n').find((line) => line.startsWith('▸')) ?? '';
  }

  async #settledCursor(): Promise<string> {
    let line = '';
    await waitUntil('there is a cursor', async () => {
      line = await this.#cursorLine();
      return line !== '';
    });
    return line;
  }
}

/** The question on the screen. */
export class DialogOnScreen {
  readonly #t: Journey;

  constructor(t: Journey) {
    this.#t = t;
  }

  async shows(wanted: string | RegExp): Promise<void> {
    await this.#t.shows('┌');
    await this.#t.shows(wanted);
  }

  /** Waits until answers count, then says yes. */
  async confirm(): Promise<void> {
    await this.#t.shows(/│ +y .*N no/);
    this.#t.keys('y');
    await this.#t.lacks(/│ +y .*N no/);
  }

  async refuse(): Promise<void> {
    await this.#t.shows(/│ +y .*N no/);
    this.#t.keys('enter');
    await this.#t.lacks('┌');
  }

  /** One key of a menu. */
  async chooses(key: string): Promise<void> {
    await this.#t.shows(/│ +\S.* esc no/);
    this.#t.keys(key);
  }

  async typesName(name: string): Promise<void> {
    await this.#t.shows(/│ +type /);
    await this.#t.shows('esc no');
    this.#t.types(name);
    await this.#t.shows(new RegExp(`: ${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
    this.#t.keys('enter');
  }
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}
