/** Requests that were made to a JVM worker, and its answers to the byte, given to our routes over a herder in memory. */
import { expect, test } from 'vitest';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';
import { type RecordedCall, recordedCalls, restApp } from '../../helpers/rest-rig.ts';

/** Answers of other parts (the catalog, validation): tested where those are. */
const isOfOtherParts = ({ path, body }: RecordedCall) =>
  path.startsWith('/connector-plugins') || body?.includes('NoSuch') || path.includes('snk') || body?.includes('snk') || isValidated(body);
const isValidated = (body: string | null) =>
  body?.includes('"tasks.max":"zero"') || body?.endsWith('"connector.class":"FileStreamSource"}}');
/** Texts of Java's JSON reader; the status is what counts. */
const hasJacksonsText = ({ answer }: RecordedCall) => /Unexpected character|Unrecognized field|Cannot invoke/.test(answer);

test('the recording is read whole', () => {
  expect(recordedCalls().length).toBe(53);
});

test('each recorded call gets the recorded status and text', async () => {
  const herder = createMemoryHerder();
  const app = restApp(herder);
  let compared = 0;
  for (const call of recordedCalls().filter((each) => !isOfOtherParts(each))) {
    const isJson = call.body !== null;
    const answer = await app.inject({
      method: call.method,
      url: call.path,
      headers: { host: '127.0.0.1:8083', ...(isJson ? { 'content-type': 'application/json' } : {}) },
      ...(isJson ? { payload: call.body } : {}),
    });
    expect({ call: `${call.method} ${call.path} ${call.body}`, status: answer.statusCode }).toEqual({
      call: `${call.method} ${call.path} ${call.body}`,
      status: call.status,
    });
    if (hasJacksonsText(call)) expect(Object.keys(answer.json())).toEqual(['error_code', 'message']);
    else if (call.answer.startsWith('{') || call.answer.startsWith('[')) {
      expect(sortedConfigs(answer.body)).toEqual(sortedConfigs(withTasks(call)));
      compared++;
    }
    if (call.method === 'GET' && call.path === '/connectors/fs/tasks/9/status')
      herder.held.get('fs')!.offsets = [{ partition: { filename: '/dat/x.txt' }, offset: { position: 6n } }];
  }
  expect(compared).toBeGreaterThan(25);
});

/** A distributed worker has no tasks yet when it answers a creation; ours has. */
function withTasks({ status, answer }: RecordedCall): string {
  return status === 201 ? answer.replace('"tasks":[]', '"tasks":[{"connector":"fs","task":0}]') : answer;
}

/** The JVM's order of a stored configuration is that of a Java hash map: compared as sorted. Everything else keeps its order. */
function sortedConfigs(text: string): string {
  return text.replace(/"config":\{[^}]*\}|^\{"connector\.class"[^}]*\}/g, (config) => {
    const entries = config
      .slice(config.indexOf('{') + 1, -1)
      .split('","')
      .map((entry) => entry.replace(/^"|"$/g, ''));
    return entries
      .filter((entry) => !entry.startsWith('task.class'))
      .sort()
      .join(',');
  });
}
