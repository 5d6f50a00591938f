/** The recorded session with a distributed JVM worker, played to one of ours: same statuses, same bodies but for the order of settings. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { formatExactJson, parseExactJson } from '../../src/base/exact-json.ts';
import { listPlugins } from '../../src/herder/plugin-list.ts';
import { catalog } from '../../src/plugins/catalog.ts';
import { withSortedConfigs } from '../contracts/herder-answers.ts';
import { type RecordedCall, recordedCalls } from './rest-rig.ts';
import { waitUntil } from './wait-until.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Each worker has plug-ins that the other has not. */
const OURS: ReadonlySet<string> = new Set(listPlugins(catalog, false).map((plugin) => plugin.class));
/** Texts of Java's JSON reader; the status is what counts. */
const hasJacksonsText = (answer: string) => /Unexpected character|Unrecognized field|Cannot invoke/.test(answer);

/** `topics`: by the name in the recording, the one to use. The worker must have no connectors. */
export async function replayRecordedCalls(worker: WorkerProcess, folder: string, topics: Readonly<Record<string, string>>): Promise<void> {
  writeFileSync(path.join(folder, 'x.txt'), 'a\nb\nc\n');
  const here = (text: string) =>
    text
      .replaceAll('/dat/', `${folder}/`)
      .replaceAll('127.0.0.1:8083', `127.0.0.1:${worker.port}`)
      .replace(/"(t[123])"/g, (whole, topic: string) => (topics[topic] === undefined ? whole : `"${topics[topic]}"`));
  for (const recorded of recordedCalls()) {
    const call = { ...recorded, answer: here(recorded.answer), body: recorded.body === null ? null : here(recorded.body) };
    const wanted = [call.status, comparable(call, call.answer)];
    const ask = async () => {
      const { status, text } = await send(worker, call);
      return [status, comparable(call, text)];
    };
    const what = `${call.method} ${call.path} ${call.body ?? ''}`;
    if (call.method === 'GET') {
      // What was asked for before may still be under way.
      let seen: unknown;
      const isAsRecorded = async () => {
        seen = await ask();
        return JSON.stringify(seen) === JSON.stringify(wanted) || seen;
      };
      await waitUntil(() => `${what} answers ${JSON.stringify(wanted)}`, isAsRecorded);
      continue;
    }
    if (call.answer.includes('"tasks":[{')) await worker.waitRunning('fs');
    expect({ what, answer: await ask() }).toEqual({ what, answer: wanted });
  }
}

async function send(worker: WorkerProcess, { method, path: at, body }: RecordedCall): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${worker.port}${at}`, {
    method,
    ...(body === null ? {} : { body, headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** The answer without what must differ: ids, documentation, plug-ins that only one has. */
function comparable({ method, path: at, answer }: RecordedCall, text: string): string {
  if (at === '/' || hasJacksonsText(answer)) return Object.keys(JSON.parse(text)).join();
  if (!/^[[{]/.test(text)) return text;
  if (/available connectors are: /.test(answer)) return text.slice(0, answer.indexOf('available connectors are: '));
  if (/^\/connector-plugins(\?|$)/.test(at)) {
    const theirs = new Set((JSON.parse(answer) as Plugin[]).map((plugin) => plugin.class));
    return formatExactJson((JSON.parse(text) as Plugin[]).filter((plugin) => theirs.has(plugin.class) && OURS.has(plugin.class)));
  }
  // Ours names every logger in use, the recorded worker only the one that was configured.
  if (at === '/admin/loggers') return formatExactJson(JSON.parse(text).root);
  const isBare = method === 'GET' && /^\/connectors\/[^/]+\/config$/.test(at);
  return formatExactJson(withSortedConfigs(parseExactJson(withoutTexts(isBare ? `{"config":${text}}` : text))));
}

interface Plugin {
  readonly class: string;
}

/** Documentation is cut in the recording; ours has more converters to recommend (what it recommends is tested in test/unit/herder/validate.test.ts). */
function withoutTexts(text: string): string {
  return text
    .replace(/"documentation":"(?:[^"\\]|\\.)*"/g, '"documentation":"…"')
    .replace(/"recommended_values":\[[^\]]*\]/g, '"recommended_values":[]');
}
