// Writes values as XML by their schema, for awsQuery, ec2Query and restXml. xml-read.ts reads XML.

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
 * Escapes a string for an element or an attribute. Characters that XML 1.0 forbids become U+FFFD, because one of them
 * would make the whole response unreadable.
 */
export const escapeXml = (text: string): string =>
  SUSPICIOUS.test(text)
    ? text.replace(/[&<>"\r]/g, (character) => ESCAPES[character]!).replace(UNWRITABLE, '\uFFFD')
    : text;

/** A quick test, since few strings need a change. It also matches valid surrogate pairs, which are kept. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters need a change
const SUSPICIOUS = /[&<>"\u0000-\u0008\u000B-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are replaced
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** The members of a structure as elements, without an element around them. Omits attributes and `skip`ped members. */
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

/** A value of this shape as the element `tag`. A flattened list or map becomes several elements. */
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
