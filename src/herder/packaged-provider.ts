/** A config provider of a package, as the main thread sees it: each call runs in a thread of its own, with a time limit. */
import { ConfigError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { ConfigData, ConfigProvider, ConfigProviderPlugin } from '../plugin-api/config-provider.ts';
import type { NamedFacts } from '../plugin-path/plugin-facts.ts';
import { RemoteError } from '../worker/protocol.ts';
import type { PluginThread, ProviderFacts } from './plugin-thread.ts';

/** `openThread`: a thread that begins with the provider's package; what happens there is written to `log`. */
export function packagedProvider(facts: NamedFacts, openThread: (log: Log) => PluginThread): ConfigProviderPlugin {
  const { className } = facts;
  return { ...facts, kind: 'config_provider', create: (config, log) => new PackagedProvider({ className, config }, openThread(log), log) };
}

/** Rejects with ConfigError that says why; the provider's name and class are put before it where it is asked. */
class PackagedProvider implements ConfigProvider {
  readonly #facts: ProviderFacts;
  readonly #thread: PluginThread;
  readonly #log: Log;
  #isClosed = false;

  constructor(facts: ProviderFacts, thread: PluginThread, log: Log) {
    this.#facts = facts;
    this.#thread = thread;
    this.#log = log;
  }

  async open(): Promise<void> {
    await this.#reasoned(this.#thread.run({ job: 'openProvider', provider: this.#facts }));
  }

  async get(path: string, keys: ReadonlySet<string>): Promise<ConfigData> {
    if (this.#isClosed) throw new ConfigError('it is closed, as the worker stops.');
    return this.#reasoned(this.#thread.run({ job: 'readProvider', provider: this.#facts, path, keys }));
  }

  /** What goes wrong is only logged: the worker stops. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (!this.#thread.isOpen) return;
    try {
      await this.#thread.run({ job: 'closeProvider' });
    } catch (error) {
      this.#log.warn(`Config provider ${this.#facts.className} could not be closed: ${messageOf(error)}`);
    }
    await this.#thread.close();
  }

  async #reasoned<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      const isNamed = error instanceof RemoteError && error.javaClass !== new ConfigError().javaClass;
      throw new ConfigError(isNamed ? `${error.javaClass}: ${error.message}` : messageOf(error), { cause: error });
    }
  }
}
