/** Answers of a herder as one text each, so that the same expectation can stand for every implementation. */
import { expect } from 'vitest';
import { messageOf } from '../../src/base/errors.ts';
import { formatExactJson, parseExactJson } from '../../src/base/exact-json.ts';
import type { Herder } from '../../src/herder/herder.ts';
import { statusOf } from '../../src/rest/error-map.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** Where an implementation answers otherwise, and why that is so. */
export interface Difference {
  readonly answer: string;
  readonly why: string;
}

export interface HerderUnderTest {
  readonly herder: Herder;
  readonly mode: 'standalone' | 'distributed';
  /** `host:port` in its statuses. */
  readonly workerId: string;
  /** For input and output files. */
  readonly folder: string;
  /** By the name of the call in the contract. */
  readonly differences: Readonly<Record<string, Difference>>;
}

/** JSON with the members in their order, whole numbers exact; `! status message` of an error; nothing for nothing. */
export async function answerOf(call: () => Promise<unknown>): Promise<string> {
  try {
    const value = await call();
    return value === undefined ? '' : formatExactJson(value);
  } catch (error) {
    return `! ${statusOf(error)} ${messageOf(error)}`;
  }
}

/** Compares answers with what the contract says, and keeps count of the differences that were met. */
export class Answers {
  readonly #differences: Readonly<Record<string, Difference>>;
  readonly #workerId: string;
  readonly #isDistributed: boolean;
  readonly #met = new Set<string>();

  constructor({ differences, workerId, mode }: HerderUnderTest) {
    this.#isDistributed = mode === 'distributed';
    this.#differences = differences;
    this.#workerId = workerId;
  }

  /** `<name>` in a difference stands for the connector, `<worker>` for its `host:port`. */
  async expect(what: string, call: () => Promise<unknown>, wanted: string, name = ''): Promise<void> {
    const answer = this.#comparable(await answerOf(call));
    expect({ what, answer }).toEqual({ what, answer: this.#wanted(what, wanted, name) });
  }

  /** The same, as soon as a distributed worker has read back what it wrote. */
  async expectSoon(what: string, call: () => Promise<unknown>, wanted: string, name = ''): Promise<void> {
    const expected = this.#wanted(what, wanted, name);
    let answer = '';
    await waitUntil(`${what}: ${expected}`, async () => {
      answer = this.#comparable(await answerOf(call));
      return answer === expected || answer;
    });
  }

  #wanted(what: string, wanted: string, name: string): string {
    const difference = this.#differences[what];
    if (difference) this.#met.add(what);
    const other = difference?.answer.replaceAll('<name>', name).replaceAll('<worker>', this.#workerId);
    return this.#comparable(other ?? wanted);
  }

  /** A configuration that went through the config topic has the order of a Java hash map. */
  #comparable(answer: string): string {
    return this.#isDistributed && /^[[{]/.test(answer) ? formatExactJson(withSortedConfigs(parseExactJson(answer))) : answer;
  }

  /** Differences that nothing asked for: they have to go. */
  unmet(): string[] {
    return Object.keys(this.#differences).filter((what) => !this.#met.has(what));
  }
}

/** The same with the settings of each configuration sorted: a JVM worker may give them in the order of a hash map. */
export function withSortedConfigs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedConfigs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === 'config' ? Object.fromEntries(sorted(item)) : withSortedConfigs(item)]),
  );
}

function sorted(config: object): [string, unknown][] {
  return Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
}
