// XML -> a tree of elements. Strict and small: no document types, no external entities, bounded depth. Knows no
// schema. Writing XML is xml.ts.

export interface XmlElement {
  /** Without its namespace prefix. */
  name: string;
  /** Names as written, prefix and all. */
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** The text directly inside, joined. */
  text: string;
}

export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
}

const MAX_DEPTH = 100;
const ATTRIBUTES = /(?:\s+[^\s=/>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*/.source;
const MARKUP = new RegExp(
  [
    '<\\?.*?\\?>',
    '<!--.*?-->',
    '<!\\[CDATA\\[(.*?)\\]\\]>',
    '</([^\\s>]+)\\s*>',
    `<([^\\s/>!?]+)(${ATTRIBUTES})\\s*(/?)>`,
  ].join('|'),
  'sy',
);
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));|&/g;
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The document's root. Throws MalformedXml. */
export function parseXml(text: string): XmlElement {
  const document: XmlElement = element('', '');
  const open = [document];
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  while (position < text.length) {
    const current = open.at(-1)!;
    const next = text.indexOf('<', position);
    current.text += unescapeXml(text.slice(position, next < 0 ? undefined : next));
    if (next < 0) break;
    MARKUP.lastIndex = next;
    const match = MARKUP.exec(text);
    if (!match) throw new MalformedXml(`unexpected markup at ${next}`);
    position = MARKUP.lastIndex;
    const [, cdata, closing, opening, attributes, selfClosing] = match;
    if (cdata !== undefined) current.text += cdata;
    else if (closing !== undefined) {
      if (open.length === 1 || localName(closing) !== current.name) {
        throw new MalformedXml(`</${closing.slice(0, 100)}> closes nothing`);
      }
      open.pop();
    } else if (opening !== undefined) {
      if (open.length > MAX_DEPTH) throw new MalformedXml('nested too deeply');
      const child = element(opening, attributes ?? '');
      current.children.push(child);
      if (selfClosing === '') open.push(child);
    }
  }
  const [root, ...others] = document.children;
  if (open.length > 1) throw new MalformedXml('an element is not closed');
  if (!root || others.length > 0 || document.text.trim() !== '') throw new MalformedXml('not one element');
  return root;
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

function element(name: string, attributeText: string): XmlElement {
  // Most have none, and a request may have tens of thousands of elements.
  if (attributeText === '')
    return { name: localName(name), attributes: NO_ATTRIBUTES, children: [], text: '' };
  const attributes = new Map<string, string>();
  for (const [, key, double, single] of attributeText.matchAll(ATTRIBUTE)) {
    attributes.set(key!, unescapeXml(double ?? single ?? ''));
  }
  return { name: localName(name), attributes, children: [], text: '' };
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (entity, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name !== undefined && Object.hasOwn(NAMED, name)) return NAMED[name]!;
    const code = decimal ? Number(decimal) : hexadecimal ? Number.parseInt(hexadecimal, 16) : Number.NaN;
    if (!(code <= 0x10ffff)) throw new MalformedXml(`${entity} is no entity`);
    return String.fromCodePoint(code);
  });
}
