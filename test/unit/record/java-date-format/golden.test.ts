/** Date patterns write and read what Java 17's SimpleDateFormat does (English, UTC), or say what they cannot read. */
import { expect, test } from 'vitest';
import { ConfigError, ConnectError } from '../../../../src/base/errors.ts';
import { dateFormatter } from '../../../../src/record/java-date-format/date-formatter.ts';
import { dateParser } from '../../../../src/record/java-date-format/date-parser.ts';
import { cases, results } from '../../../helpers/transform-golden.ts';

/** When the answers were captured: years of two digits lie between 1946 and 2046. */
const CAPTURED_MS = Date.UTC(2026, 10, 26);

/** Letters that are written but not read, or not everywhere: they need Java's names of zones and rules of weeks. */
const UNREADABLE = ['yyyy-MM-dd z', 'w yyyy', 'EEE yyyy', 'YYYY-MM-dd', 'F', 'W'];

const attempt = (work: () => string): string => {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConnectError) return `! ${error.javaClass}: ${error.message}`;
    throw error;
  }
};

const [patterns, instants] = cases.written;
test.each(patterns.map((pattern, i) => [pattern, results.written[i]!] as const))('%s written', (pattern, theirs) => {
  expect(instants.map((ms) => attempt(() => dateFormatter(pattern)(new Date(ms))))).toEqual(theirs);
});

const readable = cases.read.map((one, i) => [...one, results.read[i]!] as const).filter(([pattern]) => !UNREADABLE.includes(pattern));
test.each(readable)('%s read', (pattern, texts, theirs) => {
  const ours = texts.map((text) =>
    attempt(() => {
      const date = dateParser(pattern, CAPTURED_MS)(text);
      return date === null ? '-' : String(date.getTime());
    }),
  );
  // A JavaScript Date ends in the year 275760.
  expect(ours).toEqual(
    theirs.map((one) => (Math.abs(Number(one)) > 8.64e15 ? expect.stringContaining('lies beyond the years that a date can hold') : one)),
  );
});

test.each(UNREADABLE)('%s is refused with its letter', (pattern) => {
  expect(() => dateParser(pattern, CAPTURED_MS)).toThrow(ConfigError);
  expect(() => dateParser(pattern, CAPTURED_MS)).toThrow(/^The pattern letter \w .* cannot be translated exactly/);
  expect(dateFormatter(pattern)(new Date(0))).not.toBe('');
});

test('a zone by its name is refused, never taken for another', () => {
  const read = dateParser('yyyy Z', CAPTURED_MS);
  expect(() => read('2022 PST')).toThrow('The zone in "2022 PST" cannot be read; write it as +hhmm or GMT.');
  expect(read('2022 Z')).toBeNull();
});
