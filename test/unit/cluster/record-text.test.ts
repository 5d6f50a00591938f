/** Bytes of records as text to look at. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hexDump, payloadOf, prettyJson, toText } from '../../../src/cluster/record-text.ts';

test('UTF-8 is text, anything else is hex and says so', () => {
  expect(toText(Buffer.from('한글 text'))).toEqual({ text: '한글 text', isText: true });
  expect(toText(Buffer.from([0, 0, 0, 0, 42, 255]))).toEqual({ text: '0x00 00 00 00 2a ff', isText: false });
  expect(toText(Buffer.alloc(0))).toEqual({ text: '', isText: true });
});

test('a cut never makes bytes out of text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 4, max: 80 }), (text, limit) => {
      const whole = Buffer.from(text);
      const { text: shown, isText } = toText(whole, limit);
      expect(isText).toBe(true);
      expect(whole.toString().startsWith(shown)).toBe(true);
    }),
  );
});

test('JSON is indented by its own characters: numbers, escapes and doubled members stay as they were sent', () => {
  expect(prettyJson('{"a":9007199254740993,"a":1.50,"b":[],"c":"\\u00e9 }"}')).toBe(
    '{\n  "a": 9007199254740993,\n  "a": 1.50,\n  "b": [],\n  "c": "\\u00e9 }"\n}',
  );
  for (const text of ['', 'plain', '{"a":', '12', '"text"']) expect(prettyJson(text)).toBeNull();
});

test('indenting changes nothing of what it says', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      const pretty = prettyJson(text);
      if (typeof value === 'object' && value !== null) expect(JSON.parse(pretty!)).toEqual(JSON.parse(text));
      else expect(pretty).toBeNull();
    }),
  );
});

test('the payload inside Connect’s envelope, as it is written', () => {
  expect(payloadOf('{"schema":{"type":"string","optional":false},"payload":"a, \\"b\\""}')).toBe('"a, \\"b\\""');
  expect(payloadOf('{"schema":null,"payload":{"n":1}}')).toBe('{"n":1}');
  for (const text of ['{"payload":1}', '{"schema":{"type":"str', '{"schema":{},"other":1}', '']) expect(payloadOf(text)).toBeNull();
});

test('hex: sixteen bytes a line with what of them is ASCII', () => {
  expect(hexDump(Buffer.from('0123456789abcdef\x00é'), 100)).toBe(
    '000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n000010  00 c3 a9                                         ...',
  );
  expect(hexDump(Buffer.alloc(40), 16).split('\n')).toHaveLength(2);
  expect(hexDump(Buffer.alloc(40), 16)).toContain('… 24 more bytes');
});
