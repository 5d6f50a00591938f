/** Packages for plugin.path, written into a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface PackageText {
  readonly manifest?: Readonly<Record<string, unknown>> | string;
  /** Text of the module. */
  readonly code?: string;
}

/** Gives the folder. Without `manifest`: a module `index.js` in version 1.0.0. */
export function writePackage(parent: string, name: string, { manifest, code = '' }: PackageText): string {
  const folder = path.join(parent, name);
  mkdirSync(folder, { recursive: true });
  const whole = manifest ?? { name, version: '1.0.0', type: 'module', main: 'index.js' };
  writeFileSync(path.join(folder, 'package.json'), typeof whole === 'string' ? whole : JSON.stringify(whole));
  writeFileSync(path.join(folder, 'index.js'), code);
  return folder;
}

/** A source whose code hangs where `fault` says, busy in `validate`, at rest in `connector-start`, `task-start` and `poll`; otherwise it writes one record. */
export const FAULTY_SOURCE = `
import { defineSpec, key } from 'kconsole/plugin';
const spin = () => { for (;;); };
const sleep = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
const spec = defineSpec({
  fault: key.string({ default: null, importance: 'LOW', doc: 'Where it hangs.' }),
  topic: key.string({ default: 'none', importance: 'LOW', doc: 'Topic.' }),
  token: key.password({ default: null, importance: 'LOW', doc: 'A secret.' }),
});
class Connector {
  validate(config, values) {
    if (config.fault === 'validate') spin();
    if (config.fault === 'finding') values.get('fault').errors.push('no fault may be named finding');
  }
  start(config) { this.config = config; if (config.fault === 'connector-start') sleep(); }
  taskConfigs() { return [this.config]; }
  stop() {}
}
class Task {
  isDone = false;
  start(config, context) { console.log('task of topic', config.topic); this.config = config; this.signal = context.signal; if (config.fault === 'task-start') sleep(); }
  async poll() {
    if (this.config.fault === 'poll') sleep();
    if (!this.isDone) {
      this.isDone = true;
      return [{ topic: this.config.topic, kafkaPartition: null, keySchema: null, key: null, valueSchema: null, value: 'one', timestampMs: null, headers: null, sourcePartition: {}, sourceOffset: {} }];
    }
    await new Promise((resolve) => this.signal.addEventListener('abort', resolve, { once: true }));
    return null;
  }
  stop() {}
}
export const plugins = [
  { kind: 'source', className: 'faulty.FaultySourceConnector', taskClass: 'faulty.FaultyTask', spec, create: () => new Connector(), createTask: () => new Task() },
];
`;

/**
 * The config provider `vault.VaultConfigProvider`: `engines` names a JSON file of `{ path: { key: value } }`, `token` is required. The paths
 * `hangs`, `throws`, `leaves` and `shapeless` do that; after a value of `breaks` its thread breaks as soon as there is a file beside
 * `engines`, with `.breaks` behind its name. While it hangs there is such a file with `.hangs`.
 */
export const VAULT_PROVIDER = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ConfigError } from 'kconsole/plugin';
class VaultConfigProvider {
  constructor(config, log) { this.config = config; this.log = log; }
  async open() {
    if (this.config.token === undefined) throw new ConfigError('Missing token for configuration vault');
    if (this.config.token === 'none') throw new TypeError('no token');
  }
  get(path, keys) {
    if (path === 'hangs') for (writeFileSync(this.config.engines + '.hangs', ''); ; );
    if (path === 'throws') throw new TypeError('no such engine');
    if (path === 'leaves') process.exit(3);
    const isBroken = () => existsSync(this.config.engines + '.breaks');
    if (path === 'breaks') setInterval(() => { if (isBroken()) throw new Error('the connection is lost'); }, 5);
    if (path === 'shapeless') return { values: { password: 'x' } };
    const engines = JSON.parse(readFileSync(this.config.engines, 'utf8'));
    if (!Object.hasOwn(engines, path)) {
      this.log.error('There is no engine ' + path);
      throw new ConfigError('There is no engine ' + path);
    }
    const found = [...keys].filter((key) => Object.hasOwn(engines[path], key));
    return { values: new Map(found.map((key) => [key, engines[path][key]])), ttlMs: null };
  }
  close() { this.log.info('The vault is closed'); }
}
export const plugins = [{ kind: 'config_provider', className: 'vault.VaultConfigProvider', create: (config, log) => new VaultConfigProvider(config, log) }];
`;

/** The policy `limits.LimitsConnectorClientConfigOverridePolicy`: refuses what the file `refused` lists, asked each time. Connectors named `hangs` and `throws` do that; while one hangs there is a file `refused`.hangs. */
export const LIMITS_POLICY = `
import { readFileSync, writeFileSync } from 'node:fs';
import { defineSpec, key } from 'kconsole/plugin';
const spec = defineSpec({ refused: key.string({ importance: 'HIGH', doc: 'File of names, one a line.' }) });
const create = ({ refused }) => ({
  validate({ connector, connectorClass, clientType, clientProperties }) {
    if (connector === 'hangs') for (writeFileSync(refused + '.hangs', ''); ; );
    if (connector === 'throws') throw new TypeError('no rules');
    const names = readFileSync(refused, 'utf8').split('\\n');
    return Object.keys(clientProperties)
      .filter((name) => names.includes(name))
      .map((key) => ({ key, reason: 'The ' + clientType + ' of ' + connectorClass + ' is shared.' }));
  },
});
export const plugins = [{ kind: 'override_policy', className: 'limits.LimitsConnectorClientConfigOverridePolicy', spec, create }];
`;
