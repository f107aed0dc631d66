// The protocol restXml: method and path name the operation; documents are XML.

import { Fault } from './fault.ts';
import { namespaceOf, PROLOGUE, renderFailure } from './query.ts';
import type { Codec, Reply, WireFailure } from './request.ts';
import { type BodyFormat, isInDocument, readRestCall, writeRest } from './rest-bindings.ts';
import { parseScalar } from './scalar.ts';
import type { Member, Shape, Structure } from './schema.ts';
import { decodeUtf8 } from './utf8.ts';
import { escapeXml, renderMembers } from './xml.ts';
import { MalformedXml, parseXml, type XmlElement } from './xml-read.ts';

const MALFORMED = 'MalformedXML';

const notWellFormed = (reason: string): Fault =>
  new Fault(MALFORMED, `The XML you provided was not well-formed: ${reason}`);

/** How a service's restXml differs from the protocol. */
export interface RestXmlRules {
  /** Names of outputs whose only member is the text of the document's root element. */
  unwrapped?: ReadonlySet<string>;
  unknownRoute?: BodyFormat['unknownRoute'];
  /** The root element of a failure; `<ErrorResponse>` by default. */
  errorElement?(failure: WireFailure, requestId: string): string;
  missing?: Codec['missing'];
}

/** A restXml codec with the given rules. */
export function restXmlBy({ unwrapped, unknownRoute, errorElement, missing }: RestXmlRules = {}): Codec {
  const format: BodyFormat = {
    contentType: 'application/xml',
    malformedCode: MALFORMED,
    ...(unknownRoute && { unknownRoute }),
    read(shape, body) {
      try {
        return decode(shape, parseXml(decodeUtf8(body, notWellFormed))) as Record<string, unknown>;
      } catch (error) {
        if (!(error instanceof MalformedXml)) throw error;
        throw notWellFormed(error.message);
      }
    },
    write(service, shape, value, payload) {
      const tag = payload?.traits.xmlName ?? shape.traits.xmlName ?? shape.name;
      const content = unwrapped?.has(shape.name)
        ? escapeXml(String(Object.values(value).find((member) => member !== undefined) ?? ''))
        : renderMembers(shape, value, payload ? undefined : (member) => !isInDocument(member));
      return `${PROLOGUE}<${tag}${namespaceOf(service)}>${content}</${tag}>`;
    },
  };
  return {
    read: (service, request) => readRestCall(service, request, format),
    encode(operation, output, { service }) {
      const answer = writeRest(service!, operation, output, format);
      // AWS: a response with a part of an object has the status 206. Models have only the status for the whole.
      if (answer.headers['content-range'] !== undefined) answer.status = 206;
      return answer;
    },
    encodeFailure(failure, { service, requestId }) {
      const element = errorElement?.(failure, requestId) ?? wrappedError(failure, service, requestId);
      const headers = { 'content-type': 'application/xml', ...failure.headers };
      return { status: failure.status, headers, body: PROLOGUE + element };
    },
    missing:
      missing ?? ((paths) => new Fault('InvalidInput', `The request must contain ${paths.join(', ')}.`)),
    accessDenied: 'AccessDenied',
  };
}

/** The codec of the protocol restXml. */
export const restXml: Codec = restXmlBy();

function wrappedError(failure: WireFailure, service: Reply['service'], requestId: string): string {
  const type = `<Type>${failure.isClientFault ? 'Sender' : 'Receiver'}</Type>`;
  const error = `<Error>${type}${renderFailure(failure)}</Error>`;
  return `<ErrorResponse${namespaceOf(service)}>${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function decode(shape: Shape, node: XmlElement): unknown {
  switch (shape.kind) {
    case 'structure':
      return decodeStructure(shape, node);
    case 'list':
      return node.children
        .filter((child) => child.name === shape.itemName)
        .map((child) => decode(shape.item, child));
    case 'map':
      return decodeEntries(shape, node.children);
    default:
      return parseScalar(shape, node.text);
  }
}

function decodeStructure(shape: Structure, node: XmlElement): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const member of documentMembers(shape)) {
    const content = decodeMember(member, node);
    if (content !== undefined) value[member.name] = content;
  }
  return value;
}

const DOCUMENT_MEMBERS = new WeakMap<Structure, Member[]>();

/** Cached, because a document may have tens of thousands of structures of one shape. */
function documentMembers(shape: Structure): Member[] {
  let members = DOCUMENT_MEMBERS.get(shape);
  if (!members) DOCUMENT_MEMBERS.set(shape, (members = shape.members.filter(isInDocument)));
  return members;
}

function decodeMember({ shape, traits, xmlName }: Member, node: XmlElement): unknown {
  if (traits.xmlAttribute) {
    const text = node.attributes.get(xmlName);
    return text === undefined || shape.kind !== 'scalar' ? undefined : parseScalar(shape, text);
  }
  const first = node.children.find((child) => child.name === xmlName);
  if (!first) return undefined;
  if (!traits.xmlFlattened) return decode(shape, first);
  const children = node.children.filter((child) => child.name === xmlName);
  if (shape.kind === 'list') return children.map((child) => decode(shape.item, child));
  if (shape.kind === 'map') return decodeEntries(shape, children);
  return decode(shape, first);
}

function decodeEntries(
  shape: Extract<Shape, { kind: 'map' }>,
  entries: XmlElement[],
): Record<string, unknown> {
  return Object.fromEntries(
    entries.map((entry) => {
      const key = entry.children.find((child) => child.name === shape.keyName);
      const value = entry.children.find((child) => child.name === shape.valueName);
      return [key?.text ?? '', value ? decode(shape.value, value) : undefined];
    }),
  );
}
