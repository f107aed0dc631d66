// Access keys that Millpond hands out. AWS: an access key bears its account, in the bits in which it is here; those of
// Millpond's own also bear a check, so that an account is never read out of a key that came from elsewhere.

import { createHash, randomInt } from 'node:crypto';
import { assert } from '../kernel/assert.ts';
import { DEFAULT_ACCOUNT_ID } from './scope.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const TEMPORARY = 'ASIA';
const LENGTH = 16;
/** 80 bits in all: a one, 40 of the account, 19 that differ, 20 that check. */
const CHECK_BITS = 20n;
const VARIED_BITS = 19n;
const ACCOUNT_BITS = 40n;

/** Of a session: 20 letters and digits. */
export function newTemporaryAccessKey(accountId: string): string {
  assert(/^\d{12}$/.test(accountId), `${accountId} is an account's id`);
  const varied = BigInt(randomInt(2 ** Number(VARIED_BITS)));
  const content = (((1n << ACCOUNT_BITS) | BigInt(accountId)) << VARIED_BITS) | varied;
  return TEMPORARY + inLetters((content << CHECK_BITS) | checkOf(content));
}

/** `undefined` for a key that is not Millpond's own. */
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

/** As other emulators do it: an access key that looks like an account's id is one. */
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
