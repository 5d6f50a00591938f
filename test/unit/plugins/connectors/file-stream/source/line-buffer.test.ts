import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineBuffer, READ_BYTES } from '../../../../../../src/plugins/connectors/file-stream/source/line-buffer.ts';

interface Line {
  readonly text: string;
  /** Byte position behind its line end. */
  readonly position: number;
}

/** Feeds the chunks one by one, taking all lines after each; as texts and in place, which must be the same. */
function linesOf(chunks: readonly Uint8Array[], maxLineBytes = 1 << 20): Line[] {
  const lines = linesAs(textOf, chunks, maxLineBytes);
  expect(linesAs(inPlaceOr, chunks, maxLineBytes)).toEqual(lines);
  return lines;
}

const textOf = (buffer: LineBuffer) => buffer.next();

function inPlaceOr(buffer: LineBuffer): string | null {
  return buffer.nextInPlace() ? buffer.bytes.toString('utf8', buffer.lineStart, buffer.lineEnd) : buffer.next();
}

function linesAs(next: (buffer: LineBuffer) => string | null, chunks: readonly Uint8Array[], maxLineBytes: number): Line[] {
  const buffer = new LineBuffer(maxLineBytes);
  const lines: Line[] = [];
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const space = buffer.space();
      const part = chunk.subarray(at, at + space.length);
      space.set(part);
      buffer.filled(part.length);
      at += part.length;
      for (let text = next(buffer); text !== null; text = next(buffer)) lines.push({ text, position: buffer.position });
    }
  }
  return lines;
}

/** The same by another way: byte by byte, each line decoded alone. The last `\r` of all waits. */
function splitWhole(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    const isCr = bytes[at] === 13;
    if (bytes[at] !== 10 && !isCr) continue;
    if (isCr && at + 1 === bytes.length) break;
    const end = at;
    if (isCr && bytes[at + 1] === 10) at++;
    lines.push({ text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end)), position: at + 1 });
    start = at + 1;
  }
  return lines;
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...[...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

describe('lines', () => {
  test.each([
    ['\\n', 'a\nb\n', ['a', 'b']],
    ['\\r\\n', 'a\r\nb\r\n', ['a', 'b']],
    ['lone \\r', 'a\rb\rc', ['a', 'b']],
    ['a \\r at the end waits', 'a\r', []],
    ['mixed', 'a\nb\r\nc\rd\n\ne\r\r\n\nf', ['a', 'b', 'c', 'd', '', 'e', '', '']],
    ['empty lines', '\n\n\n', ['', '', '']],
    ['no end', 'abc', []],
    ['NUL bytes', 'a\0b\n\0\0\n', ['a\0b', '\0\0']],
    ['byte order mark is data', '\ufeffa\nb\n', ['\ufeffa', 'b']],
    ['Korean and emoji', '세번째 메시지\n😀 끝\r\n', ['세번째 메시지', '😀 끝']],
    ['separators of Unicode end no line', 'a\u2028b\u0085c\n', ['a\u2028b\u0085c']],
  ])('%s', (_, text, expected) => {
    expect(linesOf([Buffer.from(text)]).map((l) => l.text)).toEqual(expected);
    expect(linesOf(cutAt(Buffer.from(text), [...Buffer.from(text).keys()])).map((l) => l.text)).toEqual(expected);
  });

  test('malformed UTF-8 becomes U+FFFD as in Java', () => {
    const bytes = Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xea, 0xb0, 0x0a, 0xed, 0xa0, 0x80, 0x0a, 0xc3, 0x0d, 0x0a, 0xf0, 0x9f, 0x98, 0x0a]);
    const expected = ['a\ufffdb', '\ufffd', '\ufffd', '\ufffd', '\ufffd'];
    expect(linesOf([bytes]).map((l) => l.text)).toEqual(expected);
    expect(linesOf([bytes]).map((l) => l.position)).toEqual([4, 7, 11, 14, 18]);
  });

  test('the lines that FileStreamSource of Apache Kafka 4.3.1 made of the same bytes', () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeffbom\ncrlf\r\ncr\rnext\n\n세번째 😀\nnul\0x\n'),
      Buffer.from('bad\xff\xea\xb0!\nsur\xed\xa0\x80!\nov\xc0\xaf\xf5\ntrunc4\xf0\x9f\x98\nlast\r', 'latin1'),
    ]);
    const fromJava = [
      '\ufeffbom',
      'crlf',
      'cr',
      'next',
      '',
      '세번째 😀',
      'nul\0x',
      'bad\ufffd\ufffd!',
      'sur\ufffd!',
      'ov\ufffd\ufffd\ufffd',
      'trunc4\ufffd',
    ];
    expect(linesOf([bytes]).map((l) => l.text)).toEqual(fromJava);
    expect(linesOf(cutAt(bytes, [...bytes.keys()])).map((l) => l.text)).toEqual(fromJava);
  });

  test('positions are bytes, right behind the line end', () => {
    expect(linesOf([Buffer.from('가\n나다\r\nx\ry')])).toEqual([
      { text: '가', position: 4 },
      { text: '나다', position: 12 },
      { text: 'x', position: 14 },
    ]);
  });

  test('a file in pieces gives the lines of the whole file, wherever it is cut', () => {
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('\n', '\r', '\r\n', 'abc', '한글', '😀', '\0', '\ufeff', 'é') },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
    );
    const raw = fc.uint8Array({ maxLength: 6 });
    const content = fc.array(fc.oneof({ weight: 8, arbitrary: piece.map((t) => Buffer.from(t)) }, { weight: 1, arbitrary: raw }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(content, fc.array(fc.nat(), { maxLength: 40 }), (parts, cuts) => {
        const bytes = Buffer.concat(parts);
        fc.pre(!hasEncodedSurrogate(bytes));
        const whole = splitWhole(bytes);
        expect(linesOf(cutAt(bytes, cuts))).toEqual(whole);
        // From any position that was handed out, the rest is the same.
        for (const { position } of whole.filter((_, i) => i % 7 === 0)) {
          const rest = linesOf([bytes.subarray(position)]).map((l) => ({ text: l.text, position: l.position + position }));
          expect(rest).toEqual(whole.filter((l) => l.position > position));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('lines across many reads', () => {
    const text = Array.from(
      { length: 40_000 },
      (_, i) => `${i} ${i % 1000 === 0 ? '한글' : ''}${'x'.repeat(i % 97)}${i % 3 ? '\n' : '\r\n'}`,
    ).join('');
    const bytes = Buffer.from(text);
    expect(bytes.length).toBeGreaterThan(4 * READ_BYTES);
    expect(linesOf([bytes])).toEqual(splitWhole(bytes));
  });
});

/** Java and WHATWG differ there: java-utf8's own tests look at it. */
function hasEncodedSurrogate(bytes: Buffer): boolean {
  return bytes.some((byte, at) => byte === 0xed && (bytes[at + 1] ?? 0) >= 0xa0);
}

describe('longest line', () => {
  const feed = (buffer: LineBuffer, text: string) => {
    for (let rest = Buffer.from(text); rest.length > 0; ) {
      const count = rest.copy(buffer.space());
      buffer.filled(count);
      rest = rest.subarray(count);
    }
  };

  test.each(['\n', '\r\n', '\rz'])('of exactly the limit passes (%j)', (end) => {
    for (const next of [textOf, inPlaceOr]) {
      const buffer = new LineBuffer(10);
      feed(buffer, `0123456789${end}`);
      expect(next(buffer)).toBe('0123456789');
      expect(buffer.isTooLong).toBe(false);
    }
  });

  test.each(['0123456789a\n', '0123456789a\r\n', '0123456789ab'])('above the limit stops there: %j', (long) => {
    for (const next of [textOf, inPlaceOr]) {
      const buffer = new LineBuffer(10);
      feed(buffer, `first\n${long}`);
      expect(next(buffer)).toBe('first');
      expect(next(buffer)).toBeNull();
      if (!buffer.isTooLong) feed(buffer, 'x');
      expect(buffer.isTooLong).toBe(true);
      expect(buffer.position).toBe(6);
      expect(next(buffer)).toBeNull();
    }
  });

  test('a line of 10 MB passes under a limit of 16 MB, and the buffer shrinks again', () => {
    const long = 'y'.repeat(10_000_000);
    const buffer = new LineBuffer(16 << 20);
    feed(buffer, `${long}\n`);
    expect(buffer.next()).toBe(long);
    expect(buffer.next()).toBeNull();
    expect(buffer.space().length).toBe(READ_BYTES);
  });
});

test('what has no end yet can be taken when no more will come', () => {
  const buffer = new LineBuffer(100);
  buffer.startAt(1000);
  const count = Buffer.from('a\n끝\r').copy(buffer.space());
  buffer.filled(count);
  expect(buffer.next()).toBe('a');
  expect(buffer.next()).toBeNull();
  expect(buffer.unendedBytes).toBe(4);
  expect(buffer.takeUnended()).toBe('끝');
  expect(buffer.position).toBe(1006);
  expect(buffer.takeUnended()).toBeNull();
});
