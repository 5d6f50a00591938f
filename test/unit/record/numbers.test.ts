import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataError } from '../../../src/base/errors.ts';
import { decimalToFloat32 } from '../../../src/record/float32-text.ts';
import { Decimal, Float32 } from '../../../src/record/numbers.ts';
import { goldenCases } from '../../helpers/record-golden.ts';

/** Java's hexadecimal form of a double. */
function fromHex(text: string): number {
  const match = /^(-?)0x([01])\.([0-9a-f]+)p(-?\d+)$/.exec(text);
  if (match === null) return Number(text);
  const [, sign, whole, fraction = '', exponent] = match;
  const mantissa = Number(`0x${whole}${fraction.padEnd(13, '0')}`);
  // In two steps, so that neither leaves the range of doubles.
  const power = Number(exponent) - 52;
  const value = mantissa * 2 ** Math.max(power, -1000) * 2 ** Math.min(0, power + 1000);
  return sign === '-' ? -value : value;
}

test('decimals read and print as in Java', () => {
  for (const [text, expected] of goldenCases('decimal')) {
    if (expected?.startsWith('! ')) {
      expect(() => Decimal.parse(text ?? ''), text ?? '').toThrow(DataError);
      continue;
    }
    const [unscaled, scale, printed, plain, bytes, double, float, long] = (expected ?? '').split(' ');
    const decimal = Decimal.parse(text ?? '');
    expect({ unscaled: String(decimal.unscaled), scale: String(decimal.scale), printed: String(decimal) }).toEqual({
      unscaled,
      scale,
      printed,
    });
    expect(Buffer.from(decimal.toBytes()).toString('hex')).toBe(bytes);
    expect(Decimal.fromBytes(decimal.toBytes(), decimal.scale).equals(decimal)).toBe(true);
    expect(decimal.toNumber(), `${text} as double`).toBe(fromHex(double ?? ''));
    expect(decimal.toFloat32(), `${text} as float`).toBe(fromHex(float ?? ''));
    if (plain !== '-') expect(decimal.toPlainString()).toBe(plain);
    if (long !== '-') expect(String(decimal.toInt64())).toBe(long);
  }
});

test('huge exponents cost neither time nor memory', () => {
  const huge = Decimal.parse('1E+999999999');
  expect(String(huge)).toBe('1E+999999999');
  expect(huge.toNumber()).toBe(Number.POSITIVE_INFINITY);
  expect(huge.toInt64()).toBe(0n);
  expect(huge.isWhole()).toBe(true);
  for (const work of [() => huge.toPlainString(), () => huge.toBigInt(), () => huge.rescale(0)]) expect(work).toThrow(DataError);
  const tiny = Decimal.parse('-7E-999999999');
  expect(tiny.toNumber()).toBe(-0);
  expect(tiny.toBigInt()).toBe(0n);
  expect(tiny.isWhole()).toBe(false);
});

test('rescale keeps the number or refuses', () => {
  expect(String(Decimal.parse('1.5').rescale(3))).toBe('1.500');
  expect(String(Decimal.parse('1.500').rescale(1))).toBe('1.5');
  expect(() => Decimal.parse('1.55').rescale(1)).toThrow('Decimal 1.55 does not fit scale 1 without rounding.');
});

test('any decimal reads back from its text and its bytes', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), fc.integer({ min: -300, max: 300 }), (unscaled, scale) => {
      const decimal = new Decimal(unscaled, scale);
      expect(Decimal.parse(decimal.toString()).equals(decimal)).toBe(true);
      expect(Decimal.fromBytes(decimal.toBytes(), scale).equals(decimal)).toBe(true);
      expect(Decimal.parse(decimal.toPlainString()).rescale(scale).equals(decimal)).toBe(true);
    }),
  );
});

test('decimal text rounds once, to the nearest single float', () => {
  // Just above, just below and exactly half way between 1.0000001 and 1.0000002: by way of a double all three would be the same.
  expect(decimalToFloat32('1.00000017881393432617187499')).toBe(Math.fround(1.0000001));
  expect(decimalToFloat32('1.00000017881393432617187501')).toBe(Math.fround(1.0000002));
  expect(decimalToFloat32('-1.00000017881393432617187501')).toBe(Math.fround(-1.0000002));
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(decimalToFloat32(String(value)) + 0).toBe(value + 0);
    }),
  );
});

test('a Float32 holds a single float', () => {
  expect(new Float32(0.1).value).toBe(Math.fround(0.1));
});
