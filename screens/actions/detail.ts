/** One action in full: who, what, the request and its answer, and what it changed, setting by setting where that can be told. */
import { formatDuration, formatTimestamp } from '../../src/base/format.ts';
import type { ActionRecord } from '../../src/store/action-log.ts';
import { type Line, span } from '../parts/line.ts';

const LABEL = 12;

function fact(label: string, value: string | null, token: Line[number]['token'] = 'text'): Line {
  return [span(label.padEnd(LABEL), 'dim'), span(value ?? '–', value === null ? 'dim' : token)];
}

export function actionLines(record: ActionRecord, all: readonly ActionRecord[]): Line[] {
  const undone = record.undoOf === null ? null : (all.find((one) => one.id === record.undoOf) ?? null);
  const undoneBy = all.find((one) => one.undoOf === record.id && one.result === 'ok') ?? null;
  return [
    fact('time', formatTimestamp(Date.parse(record.time))),
    fact('user', record.from === null ? record.user : `${record.user}, from ${record.from}`),
    fact('context', record.context),
    fact('action', record.action, 'accent'),
    fact('target', record.target),
    fact('request', record.request),
    fact('answer', record.response === null ? null : `HTTP ${record.response}`),
    fact('result', record.result, record.result === 'ok' ? 'ok' : record.result === 'unknown' ? 'warn' : 'fail'),
    ...(record.detail === null
      ? []
      : [fact(record.result === 'ok' ? 'detail' : 'error', record.detail, record.result === 'ok' ? 'text' : 'fail')]),
    fact('took', formatDuration(record.durationMs)),
    ...(record.undoOf === null
      ? []
      : [fact('undo of', undone ? `${undone.action} at ${formatTimestamp(Date.parse(undone.time))}` : record.undoOf)]),
    ...(undoneBy === null ? [] : [fact('undone', `at ${formatTimestamp(Date.parse(undoneBy.time))}`)]),
    ...(record.bulk === null ? [] : [fact('bulk', `${record.bulk}, ${all.filter((one) => one.bulk === record.bulk).length} actions`)]),
    [],
    ...changeLines(record),
  ];
}

/** Configurations line by line, only what differs; other values as they are. */
function changeLines({ before, after }: ActionRecord): Line[] {
  const [was, is] = [settingsOf(before), settingsOf(after)];
  if (was === null || (after !== null && is === null)) return [fact('before', before), fact('after', after)];
  if (is === null)
    return [[span('before', 'dim')], ...[...was].map(([key, value]): Line => [span('  '), span(key, 'dim'), span(` = ${value}`)])];
  const keys = [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key));
  if (keys.length === 0) return [[span('nothing that is shown differs: a secret may have been changed', 'dim')]];
  return keys.flatMap((key): Line[] => [
    ...(was.has(key) ? [[span(`- ${key} = ${was.get(key)}`, 'fail')]] : []),
    ...(is.has(key) ? [[span(`+ ${key} = ${is.get(key)}`, 'ok')]] : []),
  ]);
}

function settingsOf(text: string | null): Map<string, string> | null {
  if (text === null || !text.startsWith('{')) return null;
  try {
    return new Map(Object.entries(JSON.parse(text) as Record<string, unknown>).map(([key, value]) => [key, String(value)]));
  } catch {
    return null;
  }
}
