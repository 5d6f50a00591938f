/** What a benchmark says at its end: a table with ratios, and the raw figures as JSON in `.bench/`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';

export interface Row {
  readonly measure: string;
  readonly unit: string;
  readonly kconsole: number;
  readonly jvm: number | null;
  readonly goal: string;
  readonly ratio: number | null;
}

export interface Report {
  /** The file's name in `.bench/`, without its ending. */
  readonly name: string;
  readonly rows: readonly Row[];
  /** Sizes of the run. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly raw: Readonly<Record<string, unknown>>;
}

export function report({ name, rows, facts, raw }: Report): void {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const number = (n: number | null) =>
    n === null || Number.isNaN(n) ? '–' : n >= 100 ? Math.round(n).toLocaleString('en-US') : n.toFixed(2);
  const width = Math.max(26, ...rows.map(({ measure }) => measure.length + 2));
  say(`\n${'measure'.padEnd(width)}${'unit'.padEnd(16)}${'kconsole'.padStart(12)}${'JVM'.padStart(12)}${'ratio'.padStart(9)}   goal`);
  for (const row of rows) {
    say(
      `${row.measure.padEnd(width)}${row.unit.padEnd(16)}${number(row.kconsole).padStart(12)}${number(row.jvm).padStart(12)}${number(row.ratio).padStart(9)}   ${row.goal}`,
    );
  }
  mkdirSync('.bench', { recursive: true });
  const file = path.join('.bench', `${name}.json`);
  const all = { date: new Date().toISOString(), node: process.version, cores: cpus().length, ...facts, rows, raw };
  writeFileSync(file, `${JSON.stringify(all, null, 1)}\n`);
  say(`\nraw figures: ${file}`);
}
