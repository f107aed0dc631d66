// Parses XML to a tree of elements. It rejects document types and external entities, and bounds the depth and the size.
// It does not use schemas. xml.ts writes XML.

/** An element of a document. */
export interface XmlElement {
  /** Without its namespace prefix. */
  name: string;
  /** By name, including the namespace prefix. */
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** The text directly inside the element, joined. */
  text: string;
}

/** The text is not XML, or exceeds a limit. */
export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
}

const MAX_DEPTH = 100;
/** An upload of 10,000 parts with two checksums each has 50,000 elements. */
const MAX_ELEMENTS = 60_000;
/** Tags, comments, processing instructions and CDATA sections. */
const MAX_MARKUP = 150_000;
const MAX_ATTRIBUTES = 10_000;
/** Character and entity references. */
const MAX_REFERENCES = 100_000;
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

/** Counts the content of a document while it is read. Each method throws MalformedXml past its limit. */
class Counts {
  #elements = 0;
  #markup = 0;
  #attributes = 0;
  #references = 0;

  markup(): void {
    if (++this.#markup > MAX_MARKUP) throw new MalformedXml('too much markup');
  }

  element(): void {
    if (++this.#elements > MAX_ELEMENTS) throw new MalformedXml('too many elements');
  }

  attribute(): void {
    if (++this.#attributes > MAX_ATTRIBUTES) throw new MalformedXml('too many attributes');
  }

  /** Called before the references are replaced, because `replace` finds all matches of a text first. */
  references(text: string): void {
    for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
      if (++this.#references > MAX_REFERENCES) throw new MalformedXml('too many references');
    }
  }
}

/** The document's root. Throws MalformedXml. */
export function parseXml(text: string): XmlElement {
  const counts = new Counts();
  const document: XmlElement = element('', '', counts);
  const open = [document];
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  while (position < text.length) {
    const current = open.at(-1)!;
    const next = text.indexOf('<', position);
    current.text += unescapeXml(text.slice(position, next < 0 ? undefined : next), counts);
    if (next < 0) break;
    counts.markup();
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
      counts.element();
      const child = element(opening, attributes ?? '', counts);
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

function element(name: string, attributeText: string, counts: Counts): XmlElement {
  // Most elements have no attributes, and a request may have tens of thousands of elements.
  if (attributeText === '')
    return { name: localName(name), attributes: NO_ATTRIBUTES, children: [], text: '' };
  const attributes = new Map<string, string>();
  for (const [, key, double, single] of attributeText.matchAll(ATTRIBUTE)) {
    counts.attribute();
    attributes.set(key!, unescapeXml(double ?? single ?? '', counts));
  }
  return { name: localName(name), attributes, children: [], text: '' };
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function unescapeXml(text: string, counts: Counts): string {
  if (!text.includes('&')) return text;
  counts.references(text);
  return text.replace(ENTITY, (entity, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name !== undefined && Object.hasOwn(NAMED, name)) return NAMED[name]!;
    const code = decimal ? Number(decimal) : hexadecimal ? Number.parseInt(hexadecimal, 16) : Number.NaN;
    if (!(code <= 0x10ffff)) throw new MalformedXml(`${entity} is not a valid entity`);
    return String.fromCodePoint(code);
  });
}
