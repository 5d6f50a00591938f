/**
 * Records of the config topic, as bytes and as facts. Keys are plain text; values bare JSON in the members and the order that the original
 * writes. Source: KafkaConfigBackingStore (reference 3.2).
 *
 *     connector-<c>          {"properties":{…}}                              null: deleted
 *     task-<c>-<i>           {"properties":{…}}                              holds from the next commit on
 *     commit-<c>             {"tasks":N}                                     tasks 0 to N−1, all written since the commit before
 *     target-state-<c>       {"state":"PAUSED","state.v2":"STOPPED"}         `state` for readers before 3.5; null: deleted
 *     tasks-fencing-<c>      {"task-count":N}
 *     session-key            {"key":"<base64>","algorithm":"HmacSHA256","creation-timestamp":ms}
 *     restart-connector-<c>  {"include-tasks":true,"only-failed":false}
 *     logger-cluster-<l>     {"level":"DEBUG"}
 */
import { DataError } from '../../base/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../../base/log.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import { writeJson } from '../../record/json-text.ts';
import type { ConnectorTaskId, TargetState } from '../connector-states.ts';
import {
  type Fields,
  objectField,
  optionalTextField,
  own,
  type RecordText,
  readFields,
  textField,
  wholeField,
  wordFor,
} from '../record-fields.ts';
import { MAX_INT32, parseTaskId } from '../task-key.ts';
import type { RestartRequest, SessionKey } from './port.ts';

export type ConfigRecord =
  | { readonly kind: 'target-state'; readonly connector: string; readonly target: TargetState | null }
  | { readonly kind: 'connector'; readonly connector: string; readonly config: Config | null }
  | { readonly kind: 'task'; readonly id: ConnectorTaskId; readonly config: Config }
  | { readonly kind: 'commit'; readonly connector: string; readonly taskCount: number }
  | { readonly kind: 'restart'; readonly request: RestartRequest }
  | { readonly kind: 'tasks-fencing'; readonly connector: string; readonly taskCount: number }
  | { readonly kind: 'session-key'; readonly key: SessionKey }
  | { readonly kind: 'logger'; readonly logger: string; readonly level: LogLevel };

type Kind = ConfigRecord['kind'];

/** In the order in which the original asks; `session-key` is a whole key. */
const PREFIXES: ReadonlyArray<readonly [prefix: string, kind: Kind]> = [
  ['target-state-', 'target-state'],
  ['connector-', 'connector'],
  ['task-', 'task'],
  ['commit-', 'commit'],
  ['restart-connector-', 'restart'],
  ['tasks-fencing-', 'tasks-fencing'],
  ['session-key', 'session-key'],
  ['logger-cluster-', 'logger'],
];
const TARGETS: readonly string[] = ['STARTED', 'PAUSED', 'STOPPED'] satisfies TargetState[];

// ---- writing

export function toRecordText(record: ConfigRecord): RecordText {
  switch (record.kind) {
    case 'target-state':
      return text(`target-state-${record.connector}`, record.target === null ? null : targetFields(record.target));
    case 'connector':
      return text(`connector-${record.connector}`, record.config === null ? null : { properties: record.config });
    case 'task':
      return text(`task-${record.id.connector}-${record.id.task}`, { properties: record.config });
    case 'commit':
      return text(`commit-${record.connector}`, { tasks: record.taskCount });
    case 'restart': {
      const { connector, includeTasks, onlyFailed } = record.request;
      return text(`restart-connector-${connector}`, { 'include-tasks': includeTasks, 'only-failed': onlyFailed });
    }
    case 'tasks-fencing':
      return text(`tasks-fencing-${record.connector}`, { 'task-count': record.taskCount });
    case 'session-key': {
      const { key, algorithm, createdMs } = record.key;
      return text('session-key', { key: key.toString('base64'), algorithm, 'creation-timestamp': createdMs });
    }
    case 'logger':
      return text(`logger-cluster-${record.logger}`, { level: record.level });
  }
}

function text(key: string, fields: Parameters<typeof writeJson>[0]): RecordText {
  return { key, value: fields === null ? null : writeJson(fields) };
}

/** Readers before 3.5 know no STOPPED: to them it is PAUSED. */
function targetFields(target: TargetState): { readonly state: string; readonly 'state.v2': string } {
  return { state: target === 'STOPPED' ? 'PAUSED' : target, 'state.v2': target };
}

// ---- reading

/** Throws DataError that says what is wrong, without any value. `note` is told of what was mended. */
export function parseConfigRecord(key: string, value: Buffer | null, note: (text: string) => void): ConfigRecord {
  const [prefix, kind] = PREFIXES.find(([one, itsKind]) => (itsKind === 'session-key' ? key === one : key.startsWith(one))) ?? [];
  if (prefix === undefined || kind === undefined) throw new DataError('Connect has no records with such a key in its config topic');
  const name = key.slice(prefix.length);
  if (name === '' && kind !== 'session-key') throw new DataError('its key names nothing after the prefix');
  if (value === null) return parseTombstone(kind, name);
  return parseValue(kind, name, readFields(value), note);
}

function parseTombstone(kind: Kind, name: string): ConfigRecord {
  if (kind === 'connector') return { kind, connector: name, config: null };
  if (kind === 'target-state') return { kind, connector: name, target: null };
  throw new DataError('it has no value, and such records are never deleted');
}

function parseValue(kind: Kind, name: string, fields: Fields, note: (text: string) => void): ConfigRecord {
  switch (kind) {
    case 'target-state':
      return { kind, connector: name, target: targetIn(fields, note) };
    case 'connector':
      return { kind, connector: name, config: propertiesIn(fields) };
    case 'task':
      return { kind, id: parseTaskId(name), config: propertiesIn(fields) };
    case 'commit':
      return { kind, connector: name, taskCount: countIn(fields, 'tasks') };
    case 'restart': {
      const flag = (member: string) => flagIn(fields, member, note);
      return { kind, request: { connector: name, includeTasks: flag('include-tasks'), onlyFailed: flag('only-failed') } };
    }
    case 'tasks-fencing':
      return { kind, connector: name, taskCount: countIn(fields, 'task-count') };
    case 'session-key':
      return { kind, key: sessionKeyIn(fields) };
    case 'logger':
      return { kind, logger: name, level: levelIn(fields) };
  }
}

/** Members that are null are left out: to us a setting without a value is one that is not there. */
function propertiesIn(fields: Fields): Config {
  const config: Record<string, string> = {};
  for (const [name, value] of Object.entries(objectField(fields, 'properties'))) {
    if (value === null) continue;
    if (typeof value !== 'string')
      throw new DataError(`its setting ${JSON.stringify(name.slice(0, 80))} is ${wordFor(value)}, not a string`);
    if (name === '__proto__') throw new DataError('it has a setting "__proto__"');
    config[name] = value;
  }
  return config;
}

function targetIn(fields: Fields, note: (text: string) => void): TargetState {
  let state: string | null = null;
  try {
    state = optionalTextField(fields, 'state.v2');
  } catch {
    note('its "state.v2" is no string; "state" is taken');
  }
  state ??= textField(fields, 'state');
  if (!TARGETS.includes(state)) throw new DataError(`it names a target state that is not one of ${TARGETS.join(', ')}`);
  return state as TargetState;
}

function countIn(fields: Fields, name: string): number {
  const count = wholeField(fields, name, 0);
  if (count > MAX_INT32) throw new DataError(`"${name}" is ${count}, more than there can be`);
  return count;
}

function flagIn(fields: Fields, name: string, note: (text: string) => void): boolean {
  const value = own(fields, name);
  if (typeof value === 'boolean') return value;
  note(`its "${name}" is ${value === undefined ? 'missing' : wordFor(value)}; false is taken`);
  return false;
}

function sessionKeyIn(fields: Fields): SessionKey {
  const base64 = textField(fields, 'key');
  if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new DataError('"key" is no base64');
  return {
    key: Buffer.from(base64, 'base64'),
    algorithm: textField(fields, 'algorithm'),
    createdMs: wholeField(fields, 'creation-timestamp', Number.MIN_SAFE_INTEGER),
  };
}

function levelIn(fields: Fields): LogLevel {
  const word = textField(fields, 'level').toUpperCase();
  const level = LOG_LEVELS.find((one) => one === word);
  if (level === undefined) throw new DataError(`"level" is not one of ${LOG_LEVELS.join(', ')}`);
  return level;
}
