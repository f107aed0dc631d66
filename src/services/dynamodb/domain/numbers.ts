// Numbers of DynamoDB: decimals with up to 38 significant digits, as texts in normal form (no exponent, no superfluous
// zeros, `0` for zero). All results are exact. Pure.

/** The most significant digits of a number. */
const MOST_DIGITS = 38;
/** AWS: magnitudes from 1E-130 to 9.99…E+125. */
const LEAST_EXPONENT = -130;
const MOST_EXPONENT = 125;

/** ±d.ddd × 10^exponent; the first and the last digit are not zero. Zero has no digits. */
export interface Decimal {
  isNegative: boolean;
  digits: string;
  exponent: number;
}

/** Why a text is no number of DynamoDB. */
export type NumberProblem = 'syntax' | 'overflow' | 'underflow' | 'precision';

const SYNTAX = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;
/** Texts that are in normal form, and that doubles represent exactly. */
const SHORT_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
/** Different decimals of so few characters are different doubles. */
const SHORT_LENGTH = 15;

/** The normal form of a number as a client may write it. AWS: ` 1`, `NaN` and `0x5` are none; `+1.e2` is one. */
export function normalNumber(text: string): { text: string } | { problem: NumberProblem } {
  const simple = text.length <= MOST_DIGITS ? withoutZeros(text) : undefined;
  if (simple !== undefined) return { text: simple };
  const found = SYNTAX.exec(text);
  if (!found) return { problem: 'syntax' };
  const [, sign, whole = '', fraction = found[4] ?? '', , power = '0'] = found;
  const decimal = decimalOf(sign === '-', whole + fraction, whole.length - 1 + Number(power));
  const problem = problemOf(decimal);
  return problem ? { problem } : { text: plain(decimal) };
}

/**
 * The normal form of digits with at most one point between them, as most numbers are written: without the zeros at both
 * ends. `undefined` for any other text, which need not be wrong.
 */
function withoutZeros(text: string): string | undefined {
  const isNegative = text.charCodeAt(0) === MINUS;
  let point = text.length;
  for (let at = isNegative ? 1 : 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === POINT && point === text.length) point = at;
    else if (code < ZERO || code > NINE) return undefined;
  }
  let start = isNegative ? 1 : 0;
  let end = text.length;
  if (point === start || point === end - 1) return undefined;
  while (start < point - 1 && text.charCodeAt(start) === ZERO) start++;
  while (end > point && text.charCodeAt(end - 1) === ZERO) end--;
  if (end === point + 1) end = point;
  if (start === end) return undefined;
  const digits = text.slice(start, end);
  return isNegative && digits !== '0' ? `-${digits}` : digits;
}

/** Compares two numbers in normal form. Negative if `one` is less. */
export function compareNumbers(one: string, other: string): number {
  if (one === other) return 0;
  if (one.length <= SHORT_LENGTH && other.length <= SHORT_LENGTH) return Number(one) - Number(other);
  const left = decimalFrom(one);
  const right = decimalFrom(other);
  const signs = signOf(left) - signOf(right);
  if (signs !== 0) return signs;
  const magnitudes =
    left.exponent - right.exponent || (left.digits < right.digits ? -1 : left.digits > right.digits ? 1 : 0);
  return left.isNegative ? -magnitudes : magnitudes;
}

/** The sum, or the difference if `isMinus`, of two numbers in normal form. */
export function addNumbers(
  one: string,
  other: string,
  isMinus = false,
): { text: string } | { problem: NumberProblem } {
  if (SHORT_INTEGER.test(one) && SHORT_INTEGER.test(other)) {
    return { text: String(isMinus ? Number(one) - Number(other) : Number(one) + Number(other)) };
  }
  const left = decimalFrom(one);
  const right = decimalFrom(other);
  const lowest = Math.min(lastExponent(left), lastExponent(right));
  const sum = scaled(left, lowest) + (isMinus ? -scaled(right, lowest) : scaled(right, lowest));
  const digits = String(sum < 0n ? -sum : sum);
  const decimal = decimalOf(sum < 0n, digits, digits.length - 1 + lowest);
  const problem = problemOf(decimal);
  return problem ? { problem } : { text: plain(decimal) };
}

/** Reads a number in normal form. */
export function decimalFrom(text: string): Decimal {
  const isNegative = text.startsWith('-');
  const point = text.indexOf('.');
  const whole = text.slice(isNegative ? 1 : 0, point < 0 ? undefined : point);
  return decimalOf(isNegative, point < 0 ? whole : whole + text.slice(point + 1), whole.length - 1);
}

/** `exponent` is that of the first digit. Removes zeros at both ends. */
function decimalOf(isNegative: boolean, digits: string, exponent: number): Decimal {
  let start = 0;
  let end = digits.length;
  while (start < end && digits.charCodeAt(start) === ZERO) start++;
  while (end > start && digits.charCodeAt(end - 1) === ZERO) end--;
  if (start === end) return { isNegative: false, digits: '', exponent: 0 };
  return { isNegative, digits: digits.slice(start, end), exponent: exponent - start };
}

const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;
const MINUS = 0x2d;

function problemOf({ digits, exponent }: Decimal): NumberProblem | undefined {
  if (exponent > MOST_EXPONENT) return 'overflow';
  if (exponent < LEAST_EXPONENT) return 'underflow';
  return digits.length > MOST_DIGITS ? 'precision' : undefined;
}

function plain({ isNegative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = isNegative ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (exponent >= digits.length - 1) return `${sign}${digits.padEnd(exponent + 1, '0')}`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

const signOf = ({ isNegative, digits }: Decimal): number => (digits === '' ? 0 : isNegative ? -1 : 1);

const lastExponent = ({ digits, exponent }: Decimal): number => exponent - Math.max(digits.length - 1, 0);

/** The number in units of 10^exponent. */
function scaled(decimal: Decimal, exponent: number): bigint {
  if (decimal.digits === '') return 0n;
  const units = BigInt(decimal.digits + '0'.repeat(lastExponent(decimal) - exponent));
  return decimal.isNegative ? -units : units;
}
