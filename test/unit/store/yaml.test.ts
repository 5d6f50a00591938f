/** Facts as YAML: what is quoted and how, so that every reader reads the same text again. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Plain, toPlain } from '../../../src/store/plain.ts';
import { toYaml } from '../../../src/store/yaml.ts';

test('objects, lists and lists of objects stand in blocks', () => {
  const facts: Plain = { name: 'orders', lag: null, tasks: [{ id: 0, topics: ['a', 'b'], at: {} }, [1, []], true], 주문: '싱크 한글' };
  expect(toYaml(facts)).toBe(
    [
      'name: orders',
      'lag: null',
      'tasks:',
      '  - id: 0',
      '    topics:',
      '      - a',
      '      - b',
      '    at: {}',
      '  - - 1',
      '    - []',
      '  - true',
      '주문: 싱크 한글',
      '',
    ].join('\n'),
  );
});

test.each([
  ['true', '"true"'],
  ['No', '"No"'],
  ['12', '"12"'],
  ['1e3', '"1e3"'],
  ['2024-01-01', '"2024-01-01"'],
  ['', '""'],
  ['- a', '"- a"'],
  ['a: b', '"a: b"'],
  ['a #b', '"a #b"'],
  ['a ', '"a "'],
  ['=HYPERLINK("x")', '"=HYPERLINK(\\"x\\")"'],
  ['\x1b[31m', '"\\u001b[31m"'],
  ['\u009b31m\u202e\u200b\u2028\u00ad\ufeff', '"\\u009b31m\\u202e\\u200b\\u2028\\u00ad\\ufeff"'],
  ['\ud800', '"\\ud800"'],
  ['😀', '"😀"'],
  ['\u{e0041}', '"\\U000e0041"'],
  ['a\r\nb', '"a\\r\\nb"'],
  [' a\nb', '" a\\nb"'],
  ['a\n', '"a\\n"'],
  ['Caused by: x: y\n\tat a.b(C.java:1)\n\n#', '|-\n  Caused by: x: y\n  \tat a.b(C.java:1)\n\n  #'],
])('%j is written as %s', (text, written) => {
  expect(toYaml([text])).toBe(`- ${written}\n`.replaceAll('\n  ', '\n  '));
});

test('whatever the facts are: nothing is written that is not seen, and no text without quotes is anything but text', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), (texts) => {
      const written = toYaml(toPlain({ list: texts }));
      expect(written).not.toMatch(/[^\P{C}\n\t]/u);
      for (const line of written.split('\n').slice(1, -1)) {
        const bare = /^ {2}- (?!"|\|-$)(.*)$/.exec(line);
        if (bare) expect(texts).toContain(bare[1]);
      }
      // What stands in quotes is what JSON reads, but for its longest escape.
      const quoted = [...written.matchAll(/^ {2}- (".*")$/gm)].map((match) => match[1]!).filter((one) => !/\\U/.test(one));
      for (const one of quoted) expect(texts.map((wanted) => JSON.stringify(wanted))).toContain(JSON.stringify(JSON.parse(one)));
    }),
    { numRuns: 300 },
  );
});
