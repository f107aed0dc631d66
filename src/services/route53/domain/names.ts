// Domain names as Route 53 keeps and shows them: lower case, a final dot, and every octet but letters, digits, hyphens
// and underscores as an octal escape (`\052.example.com.`). Never who owns a name.

export type ReadName = { name: string; problem?: never } | { name?: never; problem: string };

const MOST_LABEL_OCTETS = 63;
const MOST_NAME_OCTETS = 255;

/** With or without final dot, in any case; `problem` is what AWS calls it. */
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

/** A name of `readName` as DNS says it: octets as characters, without final dot. A dot within a label stays escaped. */
export const dnsNameOf = (name: string): string =>
  name
    .replace(/\.$/, '')
    .replace(/\\([0-7]{3})/g, (whole, digits) =>
      digits === '056' ? whole : String.fromCharCode(Number.parseInt(digits, 8)),
    );

/** The other way round, for a lower-case name. */
export const nameOfDns = (dnsName: string): string =>
  `${dnsName.replace(/[^a-z0-9_.-]/g, (character) => escaped(character.charCodeAt(0) & 0xff))}.`;

/** `www.example.com.` is `com.example.www.`: the order in which Route 53 lists. */
export const reversedName = (name: string): string => `${name.slice(0, -1).split('.').reverse().join('.')}.`;

export const isWithin = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

/** `a.b.` of `x.a.b.`; empty for a name of one label. */
export const parentOf = (name: string): string => name.slice(name.indexOf('.') + 1);

export const WILDCARD = '\\052';
