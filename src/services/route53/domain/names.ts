// Domain names as Route 53 stores and shows them: lower case, with a final dot, and with octal escapes for all octets
// except letters, digits, hyphens and underscores (`\052.example.com.`). Pure.

/** A normalized name, or what is wrong with it in AWS's words. */
export type ReadName = { name: string; problem?: never } | { name?: never; problem: string };

const MOST_LABEL_OCTETS = 63;
const MOST_NAME_OCTETS = 255;

/** Normalizes a name, which may have any case and lack the final dot. */
export function readName(given: string): ReadName {
  const text = given.endsWith('.') ? given.slice(0, -1) : given;
  const labels: string[] = [];
  let octets = 1;
  for (const label of text.split('.')) {
    const read = readLabel(label);
    if (read === undefined)
      return { problem: 'UnsupportedCharacter (Value contains unsupported characters)' };
    if (read.octets === 0) return { problem: 'DomainLabelEmpty (Domain label is empty)' };
    if (read.octets > MOST_LABEL_OCTETS) return { problem: 'DomainLabelTooLong (Domain label is too long)' };
    octets += read.octets + 1;
    labels.push(read.label);
  }
  if (octets > MOST_NAME_OCTETS) return { problem: 'DomainNameTooLong (Domain name is too long)' };
  return { name: `${labels.join('.')}.` };
}

const PIECE = /\\([0-3][0-7]{2})|([!-[\]-~])/gy;

function readLabel(given: string): { label: string; octets: number } | undefined {
  let label = '';
  let octets = 0;
  PIECE.lastIndex = 0;
  for (let found = PIECE.exec(given); found; found = PIECE.exec(given)) {
    label += escaped(found[1] === undefined ? found[2]!.charCodeAt(0) : Number.parseInt(found[1], 8));
    octets++;
    if (PIECE.lastIndex === given.length) return { label, octets };
  }
  return given === '' ? { label, octets } : undefined;
}

function escaped(octet: number): string {
  const character = String.fromCharCode(octet).toLowerCase();
  return /^[a-z0-9_-]$/.test(character) ? character : `\\${octet.toString(8).padStart(3, '0')}`;
}

/** A normalized name in DNS spelling: octets as characters, no final dot. A dot within a label stays escaped. */
export const dnsNameOf = (name: string): string =>
  name
    .replace(/\.$/, '')
    .replace(/\\([0-7]{3})/g, (whole, digits) =>
      digits === '056' ? whole : String.fromCharCode(Number.parseInt(digits, 8)),
    );

/** A lower-case DNS name in normalized spelling. */
export const nameOfDns = (dnsName: string): string =>
  `${dnsName.replace(/[^a-z0-9_.-]/g, (character) => escaped(character.charCodeAt(0) & 0xff))}.`;

/** `www.example.com.` becomes `com.example.www.`, which sorts in the order of Route 53's lists. */
export const reversedName = (name: string): string => `${name.slice(0, -1).split('.').reverse().join('.')}.`;

/** Whether a name is the zone's name or lies below it. */
export const isWithin = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

/** `a.b.` of `x.a.b.`; empty for a single label. */
export const parentOf = (name: string): string => name.slice(name.indexOf('.') + 1);

/** The label `*` in normalized spelling. */
export const WILDCARD = '\\052';
