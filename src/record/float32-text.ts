/** Single floats and decimal text, both ways, without the double rounding of a detour over 64 bits. */

const view = new DataView(new ArrayBuffer(4));

/** Whether the double lies exactly half way between two neighbouring single floats. */
export function isFloat32Midpoint(double: number): boolean {
  const near = Math.fround(double);
  if (near === double || !Number.isFinite(near)) return Math.abs(double) === 3.4028235677973366e38;
  return near + nextFloat32(near, double > near) === 2 * double;
}

function nextFloat32(value: number, isUp: boolean): number {
  if (value === 0) return isUp ? 1.401298464324817e-45 : -1.401298464324817e-45;
  view.setFloat32(0, value);
  view.setInt32(0, view.getInt32(0) + (value > 0 === isUp ? 1 : -1));
  return view.getFloat32(0);
}

/** The single float nearest to a decimal number given as text (digits, point, exponent); ties to even, as Java's Float.parseFloat. */
export function decimalToFloat32(text: string): number {
  const double = Number(text);
  if (!isFloat32Midpoint(double)) return Math.fround(double);
  // The double may have been rounded on to the middle: what was cut off then decides.
  const side = compareWithDouble(text, double);
  if (side === 0) return Math.fround(double);
  const near = Math.fround(double);
  const far = Number.isFinite(near) ? nextFloat32(near, double > near) : double > 0 ? 3.4028234663852886e38 : -3.4028234663852886e38;
  return side > 0 ? Math.max(near, far) : Math.min(near, far);
}

/** Sign of (decimal − double), exact. */
function compareWithDouble(text: string, double: number): number {
  const [digits, exponent] = scaled(text);
  // 60 decimal places beyond the leading digit are more than a midpoint of normal floats has; subnormal ones end at 2^-150.
  const [doubleDigits, doubleExponent] = scaled(double.toExponential(100));
  const shift = exponent - doubleExponent;
  const left = shift > 0 ? digits * 10n ** BigInt(shift) : digits;
  const right = shift < 0 ? doubleDigits * 10n ** BigInt(-shift) : doubleDigits;
  return left > right ? 1 : left < right ? -1 : 0;
}

function scaled(text: string): [digits: bigint, exponent: number] {
  const isNegative = text.startsWith('-');
  const [mantissa = '', exponent = '0'] = text.replace(/^[+-]/, '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction);
  return [isNegative ? -digits : digits, Number(exponent) - fraction.length];
}

/**
 * Fewest digits that read back as the same single float, and its decimal exponent; at least two digits are considered, as Java does,
 * and of several the nearest to the value is taken, even on a tie. `value` is finite, positive and a single float.
 */
export function shortestFloat32(value: number): { digits: string; exponent: number } {
  // Up to six digits always survive in a normal float, so the search can start there.
  for (let precision = value < 1.2e-38 ? 2 : 6; precision < 9; precision++) {
    const text = roundHalfEven(value, precision);
    if (decimalToFloat32(text) === value) return split(text);
    const up = neighbourOfPowerOfTwo(value, text, precision);
    if (up !== null) return split(up);
  }
  return split(value.toExponential(8));
}

function roundHalfEven(value: number, precision: number): string {
  const text = value.toExponential(precision - 1);
  const exact = value.toExponential(precision + 30);
  const rest = exact.slice(precision + 1, exact.indexOf('e'));
  const last = exact.charCodeAt(precision) - 48;
  // toExponential rounds an exact half up.
  if (!/^50*$/.test(rest) || last % 2 !== 0) return text;
  return exact.slice(0, precision + 1) + exact.slice(exact.indexOf('e'));
}

/** Below a power of two the floats lie twice as dense: the nearest decimal may miss the interval on that side while its upper neighbour is inside. */
function neighbourOfPowerOfTwo(value: number, text: string, precision: number): string | null {
  view.setFloat32(0, value);
  if ((view.getInt32(0) & 0x7fffff) !== 0 || Number(text) > value) return null;
  const { digits, exponent } = split(text);
  const next = (BigInt(digits.padEnd(precision, '0')) + 1n).toString();
  const up = `${next[0]}.${next.slice(1)}e${exponent + next.length - precision}`;
  return decimalToFloat32(up) === value ? up : null;
}

function split(text: string): { digits: string; exponent: number } {
  const mark = text.indexOf('e');
  const digits = text.slice(0, mark).replace('.', '').replace(/0+$/, '');
  return { digits, exponent: Number(text.slice(mark + 1)) };
}
