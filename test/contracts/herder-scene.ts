/** What the tests of a herder's contract share: the herder, how its answers are compared, connectors over files. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll } from 'vitest';
import type { Herder } from '../../src/herder/herder.ts';
import { uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { Answers, type HerderUnderTest } from './herder-answers.ts';

type Config = Readonly<Record<string, string>>;

export const create = { allowReplace: false } as const;
export const change = { allowReplace: true } as const;
export const SOURCE_CLASS = 'FileStreamSource';

export class HerderScene {
  readonly #open: () => HerderUnderTest;
  #under: HerderUnderTest | null = null;
  #answers: Answers | null = null;

  /** `open` is called when the tests begin. */
  constructor(open: () => HerderUnderTest) {
    this.#open = open;
    beforeAll(() => {
      this.#under = this.#open();
      this.#answers = new Answers(this.#under);
    });
  }

  get under(): HerderUnderTest {
    if (!this.#under) throw new Error('the herder is there only while its tests run');
    return this.#under;
  }

  get answers(): Answers {
    if (!this.#answers) throw new Error('the herder is there only while its tests run');
    return this.#answers;
  }

  get herder(): Herder {
    return this.under.herder;
  }

  get isDistributed(): boolean {
    return this.under.mode === 'distributed';
  }

  /** Members of a state that say who tells it. */
  get worker(): string {
    return `"worker_id":"${this.under.workerId}","version":"4.3.1"`;
  }

  readonly fileOf = (name: string): string => path.join(this.under.folder, `${name}.txt`);

  readonly sourceConfig = (name: string) => ({
    'connector.class': SOURCE_CLASS,
    'tasks.max': '1',
    file: this.fileOf(name),
    topic: `${name}-topic`,
  });

  readonly until = (name: string, wanted: string): Promise<void> =>
    waitUntil(`${name} is ${wanted}`, async () => (await this.#states(name)) === wanted || this.herder.connectorStatus(name));

  /** A file source of three lines, nine bytes, that runs. */
  readonly runningSource = async (what: string): Promise<string> => {
    const name = uniqueName(what);
    writeFileSync(this.fileOf(name), 'a\nbb\nccc\n');
    await this.herder.putConnectorConfig(name, this.sourceConfig(name), create);
    await this.until(name, 'RUNNING,RUNNING');
    return name;
  };

  readonly info = (name: string, config: Config, tasks = 1): string =>
    `{"name":"${name}","config":${JSON.stringify({ ...config, name })},"tasks":[${Array.from({ length: tasks }, (_, task) => `{"connector":"${name}","task":${task}}`).join()}],"type":"source"}`;

  readonly status = (name: string, connector: string, ...tasks: string[]): string =>
    `{"name":"${name}","connector":{"state":"${connector}",${this.worker}},"tasks":[${tasks.map((state, id) => `{"id":${id},"state":"${state}",${this.worker}}`).join()}],"type":"source"}`;

  async #states(name: string): Promise<string> {
    const { connector, tasks } = await this.herder.connectorStatus(name);
    return [connector.state, ...tasks.map((task) => task.state)].join();
  }
}
