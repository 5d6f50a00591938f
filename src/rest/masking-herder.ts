/**
 * A herder whose answers show no secrets (`kconsole.rest.mask.secrets=true`). A value that comes back as `[hidden]` means unchanged:
 * it is replaced by the stored one, and refused when there is none.
 */
import { NotFoundError, RestError } from '../base/errors.ts';
import { HIDDEN, maskConfig, maskValue } from '../base/mask.ts';
import { NotHereError } from '../herder/distributed/forwarder.ts';
import type { Herder } from '../herder/herder.ts';
import type { ConnectorInfo } from '../herder/model.ts';
import { MaskedElsewhere } from './masked-elsewhere.ts';

type Config = Readonly<Record<string, string | null>>;

export function createMaskingHerder(herder: Herder): Herder {
  const passwordKeys = createPasswordKeys(herder);
  const maskInfo = async (info: ConnectorInfo): Promise<ConnectorInfo> => ({
    ...info,
    config: maskConfig(info.config, await passwordKeys(info.config)),
  });

  async function restore(name: string, config: Config): Promise<Config> {
    if (!Object.values(config).some((value) => value?.includes(HIDDEN))) return config;
    const stored = await storedConfig(herder, name);
    const secrets = await passwordKeys(stored ?? config);
    return Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key, value?.includes(HIDDEN) ? storedValue(key, value, stored, secrets) : value]),
    );
  }

  async function change<T>(config: Config, isCreate: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof NotHereError ? new MaskedElsewhere(error, { config, isCreate, mask: maskInfo }) : error;
    }
  }

  const masking: Partial<Herder> = {
    connectorInfo: async (name) => maskInfo(await herder.connectorInfo(name)),
    connectorConfig: async (name) => {
      const config = await herder.connectorConfig(name);
      return maskConfig(config, await passwordKeys(config));
    },
    tasks: async (name) => {
      const tasks = await herder.tasks(name);
      return Promise.all(tasks.map(async ({ id, config }) => ({ id, config: maskConfig(config, await passwordKeys(config)) })));
    },
    putConnectorConfig: async (name, config, options) => {
      const restored = await restore(name, config);
      const put = () => herder.putConnectorConfig(name, restored, options);
      const { created, info } = await change(restored, !options.allowReplace, put);
      return { created, info: await maskInfo(info) };
    },
    patchConnectorConfig: async (name, patch) => {
      const restored = await restore(name, patch);
      return maskInfo(await change(restored, false, () => herder.patchConnectorConfig(name, restored)));
    },
  };
  return new Proxy(herder, {
    get: (target, name) => {
      const value: unknown = Reflect.get(masking, name) ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function storedValue(key: string, masked: string, stored: Config | null, secrets: ReadonlySet<string>): string {
  const value = stored && Object.hasOwn(stored, key) ? stored[key] : null;
  if (value === null || value === undefined || maskValue(key, value, secrets) !== masked)
    throw new RestError(
      400,
      `The value of ${key} holds ${HIDDEN}, which stands for the stored value, but that is another one. Give the real value.`,
    );
  return value;
}

async function storedConfig(herder: Herder, name: string): Promise<Config | null> {
  try {
    return await herder.connectorConfig(name);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** PASSWORD keys of a connector's class, asked once a class. */
function createPasswordKeys(herder: Herder): (config: Config) => Promise<ReadonlySet<string>> {
  const known = new Map<string, ReadonlySet<string>>();
  return async (config) => {
    const className = config['connector.class'] ?? '';
    const cached = known.get(className);
    if (cached) return cached;
    try {
      const keys = await herder.pluginConfig(className);
      const names = new Set(keys.filter((key) => key.type === 'PASSWORD').map((key) => key.name));
      known.set(className, names);
      return names;
    } catch {
      // An unknown class has no spec; names alone decide.
      return new Set();
    }
  };
}
