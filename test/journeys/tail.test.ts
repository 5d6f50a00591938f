/** Following topics, freezing, filtering, one record in full, and text that means harm. */
import { expect } from 'vitest';
import { journey } from './journey.ts';

journey('follows a topic, freezes it, filters it and opens a record', { size: [100, 30] }, async (t) => {
  const [lines, topic] = [t.writes('in.txt', ''), t.name('lines')];
  await t.worker([t.source(t.name('src'), lines, topic)]);
  t.appends('in.txt', '{"이름":"홍길동","n":1}\n');
  await t.command('topics');
  await t.filter(topic);
  await t.row(topic).shows('ok');
  t.press('topic.tail');
  await t.shows(`tail ${topic}`);
  t.press('tail.from-start');
  await t.shows('"이름":"홍길동","n":1');
  t.appends('in.txt', 'GET /cart 500\nGET /item 200\n');
  await t.shows('GET /item 200');
  t.press('tail.freeze');
  await t.shows('FROZEN');
  t.appends('in.txt', 'GET /late 200\n');
  await t.shows('FROZEN +1');
  await t.lacks('GET /late');
  t.press('tail.freeze');
  await t.shows('GET /late 200');
  await t.filter('re:^.*(cart|n).*[15]0?');
  await t.lacks('GET /item');
  await t.shows('found 2 of 4');
  t.keys('up');
  await t.shows('not following');
  t.press('row.open');
  await t.shows('value');
  await t.shows('"홍길동"');
});

journey('finds by JSON, folds a record, goes to another place, saves', { size: [110, 30] }, async (t) => {
  const [lines, topic] = [t.writes('in.txt', ''), t.name('lines')];
  await t.worker([t.source(t.name('src'), lines, topic)]);
  const order = (n: number, status: number) => `{"n":${n},"status":${status},"items":[{"이름":"사과"},{"이름":"배"}]}\n`;
  t.appends('in.txt', [1, 2, 3, 4, 5, 6].map((n) => order(n, n % 2 === 0 ? 500 : 200)).join(''));
  await t.command('topics');
  await t.filter(topic);
  await t.row(topic).shows('ok');
  await t.command(`tail ${topic} o=begin`);
  await t.shows('received 6 ');
  await t.filter('.status >=');
  await t.shows('a value is missing after >= (column 11)');
  t.keys('esc');
  await t.lacks('a value is missing');
  await t.filter('.status >= 500 and .items[1].이름 = 배');
  await t.shows('found 3 of 6 scanned');
  await t.lacks('"n":5');
  t.keys('up');
  await t.shows('not following');
  t.press('row.open');
  await t.shows('"n": 4');
  t.press('record.next');
  await t.shows('"n": 6');
  t.press('record.fold-all');
  await t.shows('"items": […]');
  t.press('record.form');
  await t.shows(order(6, 500).trim());
  t.keys('esc');
  t.press('view.save');
  await t.dialog().chooses('m');
  await t.shows(/path:[\s\S]*⏎ save/);
  t.keys('ctrl-u');
  t.types(t.file('matches.ndjson'));
  t.keys('enter');
  await t.shows('3 records saved in');
  const saved = t
    .reads('matches.ndjson')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { offset: string; value: string });
  expect(saved.map(({ offset, value }) => [offset, (JSON.parse(value) as { n: number }).n])).toEqual([
    ['1', 2],
    ['3', 4],
    ['5', 6],
  ]);
  t.keys('esc');
  t.press('tail.seek');
  await t.shows(' :seek');
  t.types('-2');
  t.keys('enter');
  await t.shows('received 2 ');
  await t.shows('last 2');
});

journey('keys are answered on a slow line while records rush by', { size: [100, 30], bytesPerSec: 10_000 }, async (t) => {
  const [lines, topic] = [t.writes('in.txt', ''), t.name('lines')];
  await t.worker([t.source(t.name('src'), lines, topic)]);
  const rush = setInterval(() => t.appends('in.txt', `${new Date().toISOString()} ${'x'.repeat(60)} ${Math.random()}\n`.repeat(20)), 50);
  try {
    await t.command('topics');
    await t.filter(topic);
    await t.row(topic).shows('ok');
    await t.command(`tail ${topic}`);
    await t.shows(/received \d+ \d{3} /);
    for (let i = 0; i < 3; i++) {
      t.press('app.help');
      // Before frames waited for the terminal this took ever longer, more than ten seconds here.
      await t.shows('Here: tail', 3_000);
      t.press('app.back');
      await t.shows(/received \d+ \d{3} /, 3_000);
    }
  } finally {
    clearInterval(rush);
  }
});

journey('hostile text stays text', { size: [100, 30] }, async (t) => {
  const topic = t.name('lines');
  const evil = 'a\x1b[31mred\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07b\x9b2Jc\u202egnp\u200bz\x1b[?1049l end';
  await t.worker([t.source(t.name('src'), t.writes('in.txt', `${evil}\n`), topic)]);
  await t.command('topics');
  await t.filter(topic);
  await t.row(topic).shows('ok');
  await t.command(`tail ${topic} from=begin`);
  await t.shows('␛[31mred');
  await t.shows('\\u202egnp');
  await t.shows('end');
  expect(await t.isAlternate()).toBe(true);
  expect(sequencesIn(t.written)).toEqual([]);
  expect(t.written).not.toMatch(/[\x07\x80-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
});

/** Everything that steers the terminal and is not what the console itself uses: movement, erasure, colours, its few modes, one question. */
function sequencesIn(written: string): string[] {
  const own = /^\x1b\[(?:[\d;]*[ABCDEGHJKm]|6n|\?(?:25|1049|2004|2026)[hl])/;
  return [...written.matchAll(/\x1b.{0,12}/gs)].map(([text]) => text).filter((text) => !own.test(text));
}
