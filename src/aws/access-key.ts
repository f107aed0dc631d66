// Access keys of Millpond's sessions. AWS: an access key contains its account, in the same bits as here. Millpond's own
// keys also contain a checksum, so that no account is read out of a key that came from elsewhere.

import { createHash, randomInt } from 'node:crypto';
import { assert } from '../kernel/assert.ts';
import { DEFAULT_ACCOUNT_ID } from './scope.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const TEMPORARY = 'ASIA';
const LENGTH = 16;
/** 80 bits: a one, 40 bits of the account, 19 random bits, 20 bits of checksum. */
const CHECK_BITS = 20n;
const VARIED_BITS = 19n;
const ACCOUNT_BITS = 40n;

/** A new access key of a session: 20 letters and digits. */
export function newTemporaryAccessKey(accountId: string): string {
  assert(/^\d{12}$/.test(accountId), `${accountId} is an account's id`);
  const varied = BigInt(randomInt(2 ** Number(VARIED_BITS)));
  const content = (((1n << ACCOUNT_BITS) | BigInt(accountId)) << VARIED_BITS) | varied;
  return TEMPORARY + inLetters((content << CHECK_BITS) | checkOf(content));
}

/** The account in a key that Millpond created; `undefined` for any other key. */
export function accountInAccessKey(key: string): string | undefined {
  if (key.length !== TEMPORARY.length + LENGTH || !key.startsWith(TEMPORARY)) return undefined;
  const whole = outOfLetters(key.slice(TEMPORARY.length));
  if (whole === undefined) return undefined;
  const content = whole >> CHECK_BITS;
  if (checkOf(content) !== (whole & ((1n << CHECK_BITS) - 1n))) return undefined;
  const account = (content >> VARIED_BITS) & ((1n << ACCOUNT_BITS) - 1n);
  const digits = String(account).padStart(12, '0');
  return digits.length === 12 ? digits : undefined;
}

/**
 * The account of a request's access key. As in other emulators, a key of twelve digits is the account's id itself; an
 * unknown key means the default account.
 */
export function accountOfAccessKey(key: string): string {
  return /^\d{12}$/.test(key) ? key : (accountInAccessKey(key) ?? DEFAULT_ACCOUNT_ID);
}

const checkOf = (content: bigint): bigint =>
  BigInt(`0x${createHash('sha256').update(`millpond ${content}`).digest('hex').slice(0, 5)}`);

function inLetters(whole: bigint): string {
  let letters = '';
  for (let rest = whole, i = 0; i < LENGTH; i++, rest >>= 5n)
    letters = ALPHABET[Number(rest & 31n)] + letters;
  return letters;
}

function outOfLetters(letters: string): bigint | undefined {
  let whole = 0n;
  for (const letter of letters) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return undefined;
    whole = (whole << 5n) | BigInt(digit);
  }
  return whole;
}
