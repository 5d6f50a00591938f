/** A change that another worker must make, on a worker that shows no secrets: the other one gets the real values, the caller gets none. */
import { NotHereError } from '../herder/distributed/forwarder.ts';
import type { ConnectorInfo } from '../herder/model.ts';

type Config = Readonly<Record<string, string | null>>;

export class MaskedElsewhere extends NotHereError {
  readonly #config: Config;
  readonly #isCreate: boolean;
  readonly #mask: (info: ConnectorInfo) => Promise<ConnectorInfo>;

  /** `config`: what was submitted, with the stored values where it said `[hidden]`. `isCreate`: it is one member of the body, not all of it. */
  constructor(
    elsewhere: NotHereError,
    what: { readonly config: Config; readonly isCreate: boolean; mask(info: ConnectorInfo): Promise<ConnectorInfo> },
  ) {
    super(elsewhere.url, elsewhere.message);
    this.#config = what.config;
    this.#isCreate = what.isCreate;
    this.#mask = what.mask;
  }

  restoreBody(body: Buffer): Buffer {
    const restored: unknown = this.#isCreate
      ? { ...JSON.parse(body.toString('utf8').replace(/^\ufeff/, '')), config: this.#config }
      : this.#config;
    return Buffer.from(JSON.stringify(restored));
  }

  /** `text`: a ConnectorInfo. */
  async maskAnswer(text: string): Promise<string> {
    return JSON.stringify(await this.#mask(JSON.parse(text) as ConnectorInfo));
  }
}
