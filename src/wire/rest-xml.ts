// restXml: the URL names the operation, the body is XML.

import { Fault } from './fault.ts';
import { namespaceOf, PROLOGUE, renderFailure } from './query.ts';
import type { Codec } from './request.ts';
import { type BodyFormat, isInDocument, readRestCall, writeRest } from './rest-bindings.ts';
import { parseScalar } from './scalar.ts';
import type { Member, Shape, Structure } from './schema.ts';
import { decodeUtf8 } from './text.ts';
import { escapeXml, renderMembers } from './xml.ts';
import { MalformedXml, parseXml, type XmlElement } from './xml-read.ts';

const MALFORMED = 'MalformedXML';

const notWellFormed = (reason: string): Fault =>
  new Fault(MALFORMED, `The XML you provided was not well-formed: ${reason}`);

/** AWS: outputs of S3 whose document is their one member, without an element of its own. */
const UNWRAPPED = new Set(['GetBucketLocationOutput']);

const format: BodyFormat = {
  contentType: 'application/xml',
  malformedCode: MALFORMED,
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
    const content = UNWRAPPED.has(shape.name)
      ? escapeXml(String(Object.values(value).find((member) => member !== undefined) ?? ''))
      : renderMembers(shape, value, payload ? undefined : (member) => !isInDocument(member));
    return `${PROLOGUE}<${tag}${namespaceOf(service)}>${content}</${tag}>`;
  },
};

export const restXml: Codec = {
  read: (service, request) => readRestCall(service, request, format),
  encode(operation, output, { service }) {
    const answer = writeRest(service!, operation, output, format);
    // AWS: S3's model knows one status for an object and for a part of it.
    if (answer.headers['content-range'] !== undefined) answer.status = 206;
    return answer;
  },
  encodeFailure(failure, { service, requestId }) {
    const id = `<RequestId>${requestId}</RequestId>`;
    const type = `<Type>${failure.isClientFault ? 'Sender' : 'Receiver'}</Type>`;
    // AWS: S3 does not wrap its errors, and its schema does not say so.
    const body =
      service?.name === 's3'
        ? `<Error>${renderFailure({ ...failure, schema: undefined })}${renderFreely(failure.members)}${id}</Error>`
        : `<ErrorResponse${namespaceOf(service)}><Error>${type}${renderFailure(failure)}</Error>${id}</ErrorResponse>`;
    const headers = { 'content-type': 'application/xml', ...failure.headers };
    return { status: failure.status, headers, body: PROLOGUE + body };
  },
  missing: (paths) => new Fault('InvalidInput', `The request must contain ${paths.join(', ')}.`),
  accessDenied: 'AccessDenied',
};

/** AWS: S3 checks a document against its schema before it looks at it. */
export const restXmlOfS3: Codec = {
  ...restXml,
  encode(operation, output, reply) {
    const answer = restXml.encode(operation, output, reply);
    // AWS: listings bear it as well, and the model does not know.
    if (typeof output.BucketRegion === 'string')
      answer.headers['x-amz-bucket-region'] ??= output.BucketRegion;
    // AWS: says what the body would be, if there were one.
    if (operation.name === 'HeadBucket') answer.headers['content-type'] ??= 'application/xml';
    return answer;
  },
  missing: ([path = '']) =>
    path in MISSING_OF_S3
      ? MISSING_OF_S3[path]!()
      : path.includes('.')
        ? new Fault(
            MALFORMED,
            'The XML you provided was not well-formed or did not validate against our published schema',
          )
        : new Fault('MissingRequestBodyError', 'Request Body is empty'),
};

const MISSING_OF_S3: Record<string, () => Fault> = {
  // Asked of S3 on 2024-10-25: https://github.com/versity/versitygw/issues/915.
  ObjectAttributes: () =>
    new Fault(
      'InvalidRequest',
      'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
    ),
  // What S3 says then is not published.
  Id: () => new Fault('InvalidRequest', 'The request must contain the id of the configuration.'),
};

/** AWS: S3's errors say what they are about, and its model knows hardly any of that. */
const renderFreely = (members: Record<string, unknown>): string =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');

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

/** A document may have tens of thousands of structures of one shape. */
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
