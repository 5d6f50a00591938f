/**
 * What these connectors write are bytes that others read as they are, so that any converter but that of bytes spoils them. Dedicated MirrorMaker sets
 * it itself; on a worker the user must, and the original says nothing when he does not.
 */
import type { Log } from '../../../../base/log.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';

const BYTES = 'ByteArrayConverter';
const FULL_NAME = `org.apache.kafka.connect.converters.${BYTES}`;
const NAMES = ['key.converter', 'value.converter'];

/** Aliases of the class, as a configuration may name it. */
const RIGHT: ReadonlySet<string> = new Set([FULL_NAME, BYTES, 'ByteArray']);

/** A warning for converters that are another, and a hint where it is up to the worker: nobody here knows its settings. `hasHeaders`: records have some. */
export function tellOfConverters(config: Config, log: Log, hasHeaders = false): void {
  const names = hasHeaders ? [...NAMES, 'header.converter'] : NAMES;
  const wrong = names.filter((name) => config[name] !== undefined && !RIGHT.has(config[name].trim()));
  const unset = names.filter((name) => config[name] === undefined);
  if (wrong.length > 0)
    log.warn(
      `${wrong.map((name) => `${name} = ${config[name]}`).join(' and ')} will spoil what this connector writes: nobody could read it. Give ${FULL_NAME}.`,
    );
  if (unset.length > 0)
    log.info(`The worker must have ${unset.join(' and ')} = ${FULL_NAME}, or this connector: what it writes are bytes.`);
}
