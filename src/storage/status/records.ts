/**
 * Records of the status topic, as bytes and as facts. Source: KafkaStatusBackingStore (reference 3.4). `version` is written since Kafka 4.1; older
 * readers do not mind it.
 *
 *     status-connector-<c>                  {"state":"RUNNING","trace":null,"worker_id":"host:8083","generation":7,"version":"1.0"}
 *     status-task-<c>-<i>                   the same; null: gone
 *     status-topic-<topic>:connector-<c>    {"topic":{"name":"t","connector":"c","task":0,"discoverTimestamp":ms}}
 */
import { DataError } from '../../base/errors.ts';
import { writeJson } from '../../record/json-text.ts';
import type { ConnectorState, ConnectorTaskId } from '../connector-states.ts';
import { type Fields, objectField, optionalTextField, type RecordText, readFields, textField, wholeField } from '../record-fields.ts';
import { parseTaskId } from '../task-key.ts';
import type { ActiveTopic, Status } from './port.ts';

/** `null` instead of a status or a topic: it is gone. */
export type StatusRecord =
  | { readonly kind: 'connector'; readonly connector: string; readonly status: Status | null }
  | { readonly kind: 'task'; readonly id: ConnectorTaskId; readonly status: Status | null }
  | { readonly kind: 'topic'; readonly connector: string; readonly topic: string; readonly active: ActiveTopic | null };

const CONNECTOR_PREFIX = 'status-connector-';
const TASK_PREFIX = 'status-task-';
const TOPIC_PREFIX = 'status-topic-';
const TOPIC_SEPARATOR = ':connector-';
const STATES: readonly string[] = ['UNASSIGNED', 'RUNNING', 'PAUSED', 'STOPPED', 'FAILED', 'RESTARTING'] satisfies ConnectorState[];
const MIN_INT32 = -(2 ** 31);
/** Brokers refuse records of a megabyte, and a state that is not written is worse than a trace without its end. */
const MAX_TRACE_CHARS = 100_000;

export function toStatusText(record: StatusRecord): RecordText {
  switch (record.kind) {
    case 'connector':
      return { key: CONNECTOR_PREFIX + record.connector, value: statusText(record.status) };
    case 'task':
      return { key: `${TASK_PREFIX}${record.id.connector}-${record.id.task}`, value: statusText(record.status) };
    case 'topic':
      return { key: `${TOPIC_PREFIX}${record.topic}${TOPIC_SEPARATOR}${record.connector}`, value: topicText(record.active) };
  }
}

function statusText(status: Status | null): string | null {
  if (status === null) return null;
  const { state, trace, workerId, generation, version } = status;
  const shown = trace === null || trace.length <= MAX_TRACE_CHARS ? trace : `${trace.slice(0, MAX_TRACE_CHARS)}\n\t... (cut)\n`;
  return writeJson({ state, trace: shown, worker_id: workerId, generation, version });
}

function topicText(active: ActiveTopic | null): string | null {
  if (active === null) return null;
  const { topic, connector, task, discoveredMs } = active;
  return writeJson({ topic: { name: topic, connector, task, discoverTimestamp: discoveredMs } });
}

/** Throws DataError that says what is wrong. */
export function parseStatusRecord(key: string, value: Buffer | null): StatusRecord {
  if (key.startsWith(CONNECTOR_PREFIX)) {
    const connector = named(key.slice(CONNECTOR_PREFIX.length));
    return { kind: 'connector', connector, status: statusIn(value) };
  }
  if (key.startsWith(TASK_PREFIX)) return { kind: 'task', id: parseTaskId(key.slice(TASK_PREFIX.length)), status: statusIn(value) };
  if (key.startsWith(TOPIC_PREFIX)) {
    // Names of topics hold no colon.
    const at = key.indexOf(TOPIC_SEPARATOR);
    if (at === -1) throw new DataError('its key does not end in a connector');
    const topic = named(key.slice(TOPIC_PREFIX.length, at));
    const connector = named(key.slice(at + TOPIC_SEPARATOR.length));
    return { kind: 'topic', connector, topic, active: value === null ? null : topicIn(readFields(value), topic, connector) };
  }
  throw new DataError('Connect has no records with such a key in its status topic');
}

function named(name: string): string {
  if (name === '') throw new DataError('its key names nothing after the prefix');
  return name;
}

function statusIn(value: Buffer | null): Status | null {
  if (value === null) return null;
  const fields = readFields(value);
  const state = textField(fields, 'state');
  if (!STATES.includes(state)) throw new DataError(`it names a state that is not one of ${STATES.join(', ')}`);
  return {
    state: state as ConnectorState,
    trace: optionalTextField(fields, 'trace'),
    workerId: textField(fields, 'worker_id'),
    generation: wholeField(fields, 'generation', MIN_INT32),
    version: optionalTextField(fields, 'version'),
  };
}

function topicIn(fields: Fields, topic: string, connector: string): ActiveTopic {
  const inner = objectField(fields, 'topic');
  if (textField(inner, 'name') !== topic || textField(inner, 'connector') !== connector)
    throw new DataError('its value is about another topic or connector than its key');
  return { topic, connector, task: wholeField(inner, 'task', 0), discoveredMs: wholeField(inner, 'discoverTimestamp', 0) };
}
