// Validation of record values by type, with AWS's texts, and the parsing of values for DNS answers. Pure; other records
// are not looked at.

import { readName } from './names.ts';
import type { RecordType } from './record-set.ts';

const MOST_STRING_OCTETS = 255;
const MOST_VALUE_CHARACTERS = 4_000;

/** What is wrong with a value, in AWS's words; `undefined` if it is valid. */
export function problemOfValue(type: RecordType, value: string): string | undefined {
  const problem =
    value.length > MOST_VALUE_CHARACTERS ? 'ValueTooLong (Value is too long)' : CHECKS[type](value);
  return (
    problem &&
    `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value.slice(0, 300)}''`
  );
}

const isName = (value: string): string | undefined => readName(value).problem;

const CHECKS: Record<RecordType, (value: string) => string | undefined> = {
  A: (value) => (isIpv4(value) ? undefined : 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'),
  AAAA: (value) =>
    isIpv6(value) ? undefined : 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)',
  CNAME: isName,
  NS: isName,
  PTR: isName,
  MX(value) {
    const [priority, exchange, ...more] = fieldsOf(value);
    if (exchange === undefined || more.length > 0)
      return "MXRRDATANotTwoFields (MX record doesn't have 2 fields)";
    if (!isUint16(priority)) return 'MXRRDATAIllegalPriority (MX priority is not a number from 0 to 65535)';
    return isName(exchange);
  },
  SRV(value) {
    const fields = fieldsOf(value);
    if (fields.length !== 4) return "SRVRRDATANotFourFields (SRV record doesn't have 4 fields)";
    if (!fields.slice(0, 3).every(isUint16))
      return 'SRVRRDATAIllegalNumber (Value is not a number from 0 to 65535)';
    // AWS: a single dot means that the service does not exist.
    return fields[3] === '.' ? undefined : isName(fields[3]!);
  },
  SOA(value) {
    const fields = fieldsOf(value);
    if (fields.length !== 7) return "SOARRDATANotSevenFields (SOA record doesn't have 7 fields)";
    if (!fields.slice(2).every(isUint32))
      return 'SOARRDATAIllegalNumber (Value is not a number from 0 to 4294967295)';
    return isName(fields[0]!) ?? isName(fields[1]!);
  },
  TXT(value) {
    const strings = stringsOf(value);
    if (!strings) return 'InvalidCharacterString (Value should be enclosed in quotation marks)';
    const isLong = strings.some((string) => string.length > MOST_STRING_OCTETS);
    return isLong ? 'CharacterStringTooLong (Value is too long)' : undefined;
  },
};

/** The fields of a value, which are separated by white space. */
export const fieldsOf = (value: string): string[] => value.trim().split(/\s+/);

const isUint16 = (text: string | undefined): boolean =>
  /^\d{1,5}$/.test(text ?? '') && Number(text) <= 65_535;
const isUint32 = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32;

/** Whether a text is an IPv4 address in dotted decimal. */
const isIpv4 = (text: string): boolean =>
  /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/.test(text);

/** Whether a text is an IPv6 address, in any spelling. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const isMixed = last?.includes('.') === true && text.endsWith(last);
  if (isMixed && !isIpv4(last)) return false;
  const plain = isMixed ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = plain.length + (isMixed ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

/** All eight groups of a valid IPv6 address, for encoders that accept fewer spellings. */
export function expandedIpv6(text: string): string {
  const plain = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...octets: string[]) => {
    const [a, b, c, d] = octets.map(Number) as [number, number, number, number];
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [before = [], after] = plain.split('::').map((half) => (half === '' ? [] : half.split(':')));
  if (!after) return before.join(':');
  return [...before, ...Array(8 - before.length - after.length).fill('0'), ...after].join(':');
}

const STRING = /\s*"((?:[^"\\]|\\[0-7]{3}|\\[^0-7])*)"(?=\s|$)/gy;

/** The strings of a TXT value, one character for each octet; `undefined` if the value is malformed. */
export function stringsOf(value: string): string[] | undefined {
  const text = value.trim();
  const strings: string[] = [];
  let end = 0;
  STRING.lastIndex = 0;
  for (let found = STRING.exec(text); found; found = STRING.exec(text)) {
    strings.push(octetsOf(found[1]!));
    end = STRING.lastIndex;
  }
  return strings.length > 0 && end === text.length ? strings : undefined;
}

function octetsOf(escaped: string): string {
  const plain = escaped.replace(/\\([0-7]{3})|\\(.)|([^\\])/gsu, (_all, digits, quoted, character) =>
    digits ? String.fromCharCode(Number.parseInt(digits, 8) & 0xff) : utf8(quoted ?? character),
  );
  return plain;
}

const encoder = new TextEncoder();
const utf8 = (character: string): string => String.fromCharCode(...encoder.encode(character));
