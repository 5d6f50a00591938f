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

/** A source whose code misbehaves where `fault` says: `validate`, `connector-start`, `task-start`, `poll`; otherwise it writes one record. */
export const FAULTY_SOURCE = `
import { defineSpec, key } from 'kconsole/plugin';
const spin = () => { for (;;); };
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
  start(config) { this.config = config; if (config.fault === 'connector-start') spin(); }
  taskConfigs() { return [this.config]; }
  stop() {}
}
class Task {
  isDone = false;
  start(config, context) { console.log('task of topic', config.topic); this.config = config; this.signal = context.signal; if (config.fault === 'task-start') spin(); }
  async poll() {
    if (this.config.fault === 'poll') spin();
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
