// Values -> XML by schema: one walk for awsQuery, ec2Query and restXml. Reading XML is xml-read.ts.

import { renderScalar } from './scalar.ts';
import type { Member, Shape, Structure, Traits } from './schema.ts';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/**
 * Safe as text and as an attribute. Characters that XML 1.0 cannot carry at all become U+FFFD, because one of
 * them would make the whole answer unreadable.
 */
export const escapeXml = (text: string): string =>
  SUSPICIOUS.test(text)
    ? text.replace(/[&<>"\r]/g, (character) => ESCAPES[character]!).replace(UNWRITABLE, '\uFFFD')
    : text;

/** Hardly any text has such a character: all that may have to be replaced, and halves of pairs that belong together. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are some of them
const SUSPICIOUS = /[&<>"\u0000-\u0008\u000B-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** The members of a structure, without an element around them; attributes and `skip`ped ones left out. */
export function renderMembers(
  shape: Structure,
  value: Record<string, unknown>,
  skip?: (member: Member) => boolean,
): string {
  let text = '';
  for (const member of shape.members) {
    const content = value[member.name];
    if (content === undefined || content === null || member.traits.xmlAttribute || skip?.(member)) continue;
    text += renderElement(member.xmlName, member.shape, content, member.traits);
  }
  return text;
}

const NONE: Traits = {};

export function renderElement(tag: string, shape: Shape, value: unknown, traits = NONE): string {
  switch (shape.kind) {
    case 'structure':
      return renderStructure(tag, shape, value as Record<string, unknown>, traits);
    case 'list': {
      const itemTag = traits.xmlFlattened ? tag : shape.itemName;
      let items = '';
      for (const item of value as Iterable<unknown>) items += renderElement(itemTag, shape.item, item);
      return traits.xmlFlattened ? items : `<${tag}>${items}</${tag}>`;
    }
    case 'map': {
      const entryTag = traits.xmlFlattened ? tag : 'entry';
      let entries = '';
      for (const [key, item] of Object.entries(value as object)) {
        const name = `<${shape.keyName}>${escapeXml(key)}</${shape.keyName}>`;
        entries += `<${entryTag}>${name}${renderElement(shape.valueName, shape.value, item)}</${entryTag}>`;
      }
      return traits.xmlFlattened ? entries : `<${tag}>${entries}</${tag}>`;
    }
    default:
      return `<${tag}>${escapeXml(renderScalar(shape, value, 'dateTime'))}</${tag}>`;
  }
}

function renderStructure(
  tag: string,
  shape: Structure,
  value: Record<string, unknown>,
  traits: Traits,
): string {
  let attributes = '';
  const namespace = traits.xmlNamespace ?? shape.traits.xmlNamespace;
  if (namespace) {
    const [prefix, uri] = namespace;
    attributes += prefix ? ` xmlns:${prefix}="${escapeXml(uri)}"` : ` xmlns="${escapeXml(uri)}"`;
  }
  for (const member of shape.attributes) {
    const content = value[member.name];
    if (content === undefined || content === null) continue;
    attributes += ` ${member.xmlName}="${escapeXml(renderScalar(member.shape, content, 'dateTime'))}"`;
  }
  return `<${tag}${attributes}>${renderMembers(shape, value)}</${tag}>`;
}
