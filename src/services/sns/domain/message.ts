// Validation of what is published: texts, subjects, message structures and attributes. Pure.

import { invalidAttributeValue, invalidParameter } from '../faults.ts';
import type { Message, MessageAttribute, Protocol } from './model.ts';

/** AWS: the most bytes of a message with its attributes, and of all messages of a batch. */
export const MOST_MESSAGE_BYTES = 256 * 1024;
const LONGEST_SUBJECT = 100;

/** The members of Publish and of a PublishBatch entry that make up a message, as the SDK spells them. */
export interface PublishRequest {
  Message?: string | undefined;
  Subject?: string | undefined;
  MessageStructure?: string | undefined;
  MessageAttributes?: Record<string, GivenAttribute> | undefined;
}

interface GivenAttribute {
  DataType?: string | undefined;
  StringValue?: string | undefined;
  BinaryValue?: Uint8Array | undefined;
}

const PROTOCOLS: Protocol[] = ['lambda', 'sqs', 'http', 'https', 'email', 'email-json'];

/** Validates a request and turns it into a message. Throws InvalidParameter, InvalidParameterValue. */
export function messageOf(
  request: PublishRequest,
  identity: { id: string; topicArn: string; at: number },
): Message {
  const text = request.Message ?? '';
  if (text === '') throw invalidParameter('Empty message');
  if (sizeOf(request) > MOST_MESSAGE_BYTES) throw invalidParameter('Message too long');
  const subject = request.Subject;
  if (subject !== undefined) checkSubject(subject);
  return {
    ...identity,
    ...(subject && { subject }),
    ...textsOf(text, request.MessageStructure),
    attributes: attributesOf(request.MessageAttributes ?? {}),
  };
}

/** Size of a message in bytes. AWS: attributes count with their names, types and values. */
export function sizeOf({ Message = '', MessageAttributes = {} }: PublishRequest): number {
  let bytes = Buffer.byteLength(Message);
  for (const [name, { DataType = '', StringValue = '', BinaryValue }] of Object.entries(MessageAttributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    bytes += BinaryValue?.byteLength ?? 0;
  }
  return bytes;
}

function checkSubject(subject: string): void {
  // AWS: up to 100 characters, the first of them printable, no line breaks and no control characters.
  if (subject.length > LONGEST_SUBJECT || !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject)) {
    throw invalidParameter('Subject');
  }
}

function textsOf(text: string, structure: string | undefined): Pick<Message, 'text' | 'texts'> {
  if (structure === undefined) return { text };
  if (structure !== 'json') throw invalidParameter('MessageStructure');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const given = parsed as Record<string, unknown>;
  if (!Object.hasOwn(given, 'default') || typeof given.default !== 'string') {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  const own = PROTOCOLS.filter(
    (protocol) => Object.hasOwn(given, protocol) && typeof given[protocol] === 'string',
  );
  return {
    text: given.default,
    texts: Object.fromEntries(own.map((protocol) => [protocol, given[protocol] as string])),
  };
}

const NAME = /^(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/;

function attributesOf(given: Record<string, GivenAttribute>): Record<string, MessageAttribute> {
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, attributeOf(name, one)]));
}

function attributeOf(name: string, { DataType, StringValue, BinaryValue }: GivenAttribute): MessageAttribute {
  if (!NAME.test(name)) {
    throw invalidAttributeValue(
      `The message attribute name '${name.slice(0, 300)}' is invalid. The name can contain alphanumeric characters and the underscore (_), hyphen (-), and period (.), must not start or end with a period, and must not have periods in succession.`,
    );
  }
  if (!DataType) {
    throw invalidAttributeValue(
      `The message attribute '${name}' must contain non-empty message attribute type.`,
    );
  }
  const kind = DataType.split('.', 1)[0]!;
  if (!['Binary', 'Number', 'String'].includes(kind) || DataType.length > 256) {
    throw invalidAttributeValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const value = kind === 'Binary' ? BinaryValue && Buffer.from(BinaryValue).toString('base64') : StringValue;
  if (!value) {
    throw invalidAttributeValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  }
  if (kind === 'Number' && !isNumber(value)) {
    throw invalidAttributeValue(`Could not cast message attribute '${name}' value to number.`);
  }
  return { type: DataType, value };
}

const isNumber = (text: string) => /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text);
