/** Numbers that JavaScript lacks: exact decimals (java.math.BigDecimal) and single floats that know they are single. */
import { DataError } from '../base/errors.ts';
import { decimalToFloat32 } from './float32-text.ts';

const MIN_SCALE = -2147483648;
const MAX_SCALE = 2147483647;
/** Longest run of zeros that is ever written out or multiplied in; beyond it a value like 1E+999999999 would take the memory. */
const MAX_ZEROS = 100_000;
const GRAMMAR = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,10}))?$/;

/** A FLOAT32 value where no schema says so (schemaless data). */
export class Float32 {
  readonly value: number;
  constructor(value: number) {
    this.value = Math.fround(value);
  }
}

/** `unscaled` × 10^−`scale`, exact. Immutable. Two values are equal in Java's sense when both parts are. */
export class Decimal {
  readonly unscaled: bigint;
  /** 32-bit; negative for whole numbers that end in zeros not written out (1E+3). */
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    if (!Number.isInteger(scale) || scale < MIN_SCALE || scale > MAX_SCALE) {
      throw new DataError(`Scale ${scale} of a decimal is not a 32-bit whole number.`);
    }
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** Java's BigDecimal(String): sign, digits with at most one point, exponent. Throws DataError on anything else, and on a scale beyond 32 bits. */
  static parse(text: string): Decimal {
    const match = GRAMMAR.exec(text);
    const whole = match?.[2] ?? '';
    const fraction = match?.[3] ?? '';
    if (match === null || whole.length + fraction.length === 0) {
      throw new DataError(`"${text.slice(0, 80)}" is not a decimal number.`);
    }
    const exponent = Number(match[4] ?? 0);
    if (Math.abs(exponent) > MAX_SCALE) throw new DataError(`The exponent of "${text.slice(0, 80)}" is beyond 32 bits.`);
    const magnitude = BigInt(whole + fraction);
    return new Decimal(match[1] === '-' ? -magnitude : magnitude, fraction.length - exponent);
  }

  /** From the two's complement, big-endian bytes that Connect stores. No bytes at all is an error, as in Java. */
  static fromBytes(bytes: Uint8Array, scale: number): Decimal {
    if (bytes.length === 0) throw new DataError('Zero length bytes are no decimal number.');
    const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
    return new Decimal(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`)), scale);
  }

  /** Shortest two's complement form of `unscaled`, big-endian. */
  toBytes(): Uint8Array {
    const magnitude = this.unscaled < 0n ? -this.unscaled - 1n : this.unscaled;
    const hexDigits = magnitude === 0n ? 0 : magnitude.toString(16).length;
    let length = Math.max(1, Math.ceil(hexDigits / 2));
    if (magnitude >> BigInt(length * 8 - 1) !== 0n) length++;
    const hex = BigInt.asUintN(length * 8, this.unscaled).toString(16);
    return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
  }

  /** Java's BigDecimal.toString: plain while the exponent is small, else scientific with E+n or E-n. */
  toString(): string {
    if (this.scale === 0) return this.unscaled.toString();
    const sign = this.unscaled < 0n ? '-' : '';
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString();
    const exponent = digits.length - 1 - this.scale;
    if (this.scale > 0 && exponent >= -6) {
      const padded = digits.padStart(this.scale + 1, '0');
      return `${sign}${padded.slice(0, padded.length - this.scale)}.${padded.slice(padded.length - this.scale)}`;
    }
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return exponent === 0 ? sign + mantissa : `${sign}${mantissa}E${exponent > 0 ? '+' : ''}${exponent}`;
  }

  /** Without an exponent. Throws DataError when that takes more than 100,000 zeros. */
  toPlainString(): string {
    if (this.scale === 0) return this.unscaled.toString();
    const sign = this.unscaled < 0n ? '-' : '';
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString();
    if (Math.abs(this.scale) - digits.length > MAX_ZEROS) throw this.#tooLarge();
    if (this.scale < 0) return this.unscaled === 0n ? '0' : sign + digits + '0'.repeat(-this.scale);
    const padded = digits.padStart(this.scale + 1, '0');
    return `${sign}${padded.slice(0, padded.length - this.scale)}.${padded.slice(padded.length - this.scale)}`;
  }

  /** Nearest double; infinite when it is too large for one. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** Nearest single float, as a number. */
  toFloat32(): number {
    return decimalToFloat32(this.toString());
  }

  /** The whole part, cut towards zero. Throws DataError when it has more than 100,000 zeros at its end. */
  toBigInt(): bigint {
    if (this.scale === 0) return this.unscaled;
    if (this.scale > 0) return this.#isFractionOnly() ? 0n : this.unscaled / 10n ** BigInt(this.scale);
    if (-this.scale > MAX_ZEROS) throw this.#tooLarge();
    return this.unscaled * 10n ** BigInt(-this.scale);
  }

  /** The low 64 bits of the whole part, as Java's longValue. Any size, no cost. */
  toInt64(): bigint {
    // 10^64 and above are multiples of 2^64.
    if (this.scale <= -64) return 0n;
    return BigInt.asIntN(64, this.toBigInt());
  }

  isWhole(): boolean {
    if (this.scale <= 0 || this.unscaled === 0n) return true;
    if (this.#isFractionOnly()) return false;
    return this.unscaled % 10n ** BigInt(this.scale) === 0n;
  }

  /** The same number with another scale. Throws DataError when digits would be lost. */
  rescale(scale: number): Decimal {
    if (scale === this.scale) return this;
    const more = scale - this.scale;
    if (this.unscaled === 0n) return new Decimal(0n, scale);
    if (Math.abs(more) > MAX_ZEROS) throw this.#tooLarge();
    if (more > 0) return new Decimal(this.unscaled * 10n ** BigInt(more), scale);
    const factor = 10n ** BigInt(-more);
    if (this.unscaled % factor !== 0n) throw new DataError(`Decimal ${this.toString()} does not fit scale ${scale} without rounding.`);
    return new Decimal(this.unscaled / factor, scale);
  }

  /** Java's equals: 1.0 and 1.00 differ. */
  equals(other: Decimal): boolean {
    return this.scale === other.scale && this.unscaled === other.unscaled;
  }

  #isFractionOnly(): boolean {
    const magnitude = this.unscaled < 0n ? -this.unscaled : this.unscaled;
    // No power of ten is made for a value that has no whole part anyway.
    return magnitude.toString().length <= this.scale;
  }

  #tooLarge(): DataError {
    return new DataError(`Decimal with scale ${this.scale} is too large to be written out in full.`);
  }
}
