// Validation of messages: characters, size and attributes. Pure.

import {
  deduplicationIdWanted,
  invalidCharacters,
  invalidParameterValue,
  invalidValueOf,
  messageTooLong,
  missingParameter,
  notOfThisQueueType,
  unsupported,
} from '../faults.ts';
import type { MessageAttribute, MessageAttributes } from './model.ts';

/** A message as SendMessage or a batch entry gives it. */
export interface GivenMessage {
  MessageBody?: string | undefined;
  DelaySeconds?: number | undefined;
  MessageAttributes?: Readonly<Record<string, GivenAttribute>> | undefined;
  MessageSystemAttributes?: Readonly<Record<string, GivenAttribute>> | undefined;
  MessageDeduplicationId?: string | undefined;
  MessageGroupId?: string | undefined;
}

/** A message attribute as a request gives it. */
export interface GivenAttribute {
  DataType?: string | undefined;
  StringValue?: string | undefined;
  BinaryValue?: Uint8Array | undefined;
  StringListValues?: readonly string[] | undefined;
  BinaryListValues?: readonly Uint8Array[] | undefined;
}

/** A validated message, without the values that the mailbox adds. */
export interface ReadMessage {
  body: string;
  attributes?: MessageAttributes;
  traceHeader?: string;
  groupId?: string;
  /** FIFO queues only; absent where the digest of the body is the id. */
  deduplicationId?: string;
  /** Absent for FIFO queues. */
  delaySeconds?: number;
}

// Characters that XML does not allow: controls except tab and line ends, lone surrogates, U+FFFE and U+FFFF.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u;
const MOST_ATTRIBUTES = 10;
const LONGEST_NAME = 256;
const MOST_DELAY_SECONDS = 900;
const TYPE = /^(String|Number|Binary)(\..+)?$/s;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const ID = /^[\x21-\x7e]{1,128}$/;

/** What a queue asks of its messages. */
export interface MessageRules {
  /** The queue's limit in bytes, attributes included. */
  longest: number;
  isFifo: boolean;
  /** Whether a FIFO queue tells duplicates by their bodies. */
  isContentEnough: boolean;
}

/** Validates a message. Throws the errors of SendMessage. */
export function readMessage(
  given: GivenMessage,
  { longest, isFifo, isContentEnough }: MessageRules,
): ReadMessage {
  const { MessageBody: body, DelaySeconds } = given;
  if (!body) throw missingParameter('MessageBody');
  if (FORBIDDEN.test(body)) throw invalidCharacters();
  if (DelaySeconds !== undefined && (DelaySeconds < 0 || DelaySeconds > MOST_DELAY_SECONDS)) {
    throw invalidValueOf(
      'DelaySeconds',
      DelaySeconds,
      `DelaySeconds must be >= 0 and <= ${MOST_DELAY_SECONDS}.`,
    );
  }
  const ids = isFifo ? fifoIdsOf(given, isContentEnough) : standardIdsOf(given);
  const attributes = readAttributes(given.MessageAttributes ?? {});
  const traceHeader = traceHeaderOf(given.MessageSystemAttributes ?? {});
  const size = Buffer.byteLength(body) + sizeOf(attributes);
  if (size > longest) throw messageTooLong(longest);
  return {
    body,
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(traceHeader !== undefined && { traceHeader }),
    ...ids,
    ...(!isFifo && DelaySeconds !== undefined && { delaySeconds: DelaySeconds }),
  };
}

type Ids = Pick<ReadMessage, 'groupId' | 'deduplicationId'>;

function standardIdsOf({ MessageGroupId, MessageDeduplicationId }: GivenMessage): Ids {
  if (MessageDeduplicationId !== undefined) {
    throw notOfThisQueueType('MessageDeduplicationId', MessageDeduplicationId);
  }
  if (MessageGroupId === undefined) return {};
  checkId('MessageGroupId', MessageGroupId);
  return { groupId: MessageGroupId };
}

/**
 * AWS: an entry without its ids fails a whole batch for a FIFO queue, before any entry is sent (the deduplication id:
 * a test of localstack, verified against AWS; the group id: a test of moto). Throws MissingRequiredParameter, InvalidParameterValue.
 */
export function checkFifoIds(given: GivenMessage, isContentEnough: boolean): void {
  if (!given.MessageGroupId) throw missingParameter('MessageGroupId');
  if (given.MessageDeduplicationId === undefined && !isContentEnough) throw deduplicationIdWanted();
}

/** AWS: a FIFO queue has one delay for all of its messages; a message may say 0. */
function fifoIdsOf(given: GivenMessage, isContentEnough: boolean): Ids {
  const { MessageGroupId, MessageDeduplicationId, DelaySeconds } = given;
  if (DelaySeconds) throw notOfThisQueueType('DelaySeconds', DelaySeconds);
  checkFifoIds(given, isContentEnough);
  checkId('MessageGroupId', MessageGroupId!);
  if (MessageDeduplicationId !== undefined) checkId('MessageDeduplicationId', MessageDeduplicationId);
  return {
    groupId: MessageGroupId!,
    ...(MessageDeduplicationId !== undefined && { deduplicationId: MessageDeduplicationId }),
  };
}

/** Validates an id of FIFO queues. Throws InvalidParameterValue. */
export function checkId(name: string, id: string): void {
  if (ID.test(id)) return;
  throw invalidValueOf(
    name,
    id.slice(0, 128),
    `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

/** Size of a message in bytes as the request gives it, for the limit of a batch. */
export const givenSize = ({ MessageBody = '', MessageAttributes = {} }: GivenMessage): number =>
  Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      (BinaryValue?.byteLength ?? 0),
    Buffer.byteLength(MessageBody),
  );

function readAttributes(given: Readonly<Record<string, GivenAttribute>>): Record<string, MessageAttribute> {
  const entries = Object.entries(given);
  if (entries.length > MOST_ATTRIBUTES) {
    throw invalidParameterValue(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`,
    );
  }
  return Object.fromEntries(
    entries.map(([name, attribute]) => {
      checkName(name);
      return [name, readAttribute(name, attribute)];
    }),
  );
}

function checkName(name: string): void {
  if (name.length > LONGEST_NAME) {
    throw invalidParameterValue(`Message attribute name must be shorter than ${LONGEST_NAME} bytes.`);
  }
  if (!/^[\w.-]+$/.test(name)) {
    throw invalidParameterValue(
      `Message (user) attribute name can only contain upper and lower case letters, digits, periods, hyphens and underscores.`,
    );
  }
  if (name.startsWith('.') || name.endsWith('.') || name.includes('..')) {
    throw invalidParameterValue(
      `Message attribute name '${name}' must not start or end with a period, or have two in a row.`,
    );
  }
  if (/^(aws|amazon)\./i.test(name)) {
    throw invalidParameterValue(
      'You can’t use message attribute names beginning with AWS. or Amazon.' /* own */,
    );
  }
}

function readAttribute(name: string, given: GivenAttribute): MessageAttribute {
  const { DataType: type, StringValue, BinaryValue } = given;
  if (given.StringListValues?.length || given.BinaryListValues?.length) {
    throw unsupported('Message attribute list values in SendMessage operation are not supported.');
  }
  if (!type)
    throw invalidParameterValue(
      `The message attribute '${name}' must contain non-empty message attribute type.`,
    );
  const kind = TYPE.exec(type)?.[1];
  if (kind === undefined || type.length > LONGEST_NAME) {
    throw invalidParameterValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const wanted = kind === 'Binary' ? BinaryValue : StringValue;
  const other = kind === 'Binary' ? StringValue : BinaryValue;
  if (wanted === undefined && other !== undefined) {
    const field = kind === 'Binary' ? 'Binary' : 'String';
    throw invalidParameterValue(
      `The message attribute '${name}' with type '${kind}' must use field '${field}'.`,
    );
  }
  if (!wanted?.length) {
    throw invalidParameterValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  if (typeof wanted !== 'string') return { type, binary: Buffer.from(wanted).toString('base64') };
  if (FORBIDDEN.test(wanted)) throw invalidCharacters();
  if (kind === 'Number' && !NUMBER.test(wanted)) {
    throw invalidParameterValue(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { type, text: wanted };
}

function traceHeaderOf(given: Readonly<Record<string, GivenAttribute>>): string | undefined {
  const { AWSTraceHeader: header } = given;
  if (!header) return undefined;
  const { type, text } = readAttribute('AWSTraceHeader', header);
  if (type !== 'String' || text === undefined) {
    throw invalidParameterValue(
      `The message system attribute 'AWSTraceHeader' must be of type String.` /* own */,
    );
  }
  return text;
}

const sizeOf = (attributes: MessageAttributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { type, text = '', binary = '' }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(type) +
      Buffer.byteLength(text) +
      Buffer.byteLength(binary, 'base64'),
    0,
  );

/** The attributes that a receiver asked for by name, by a prefix (`x.*`), or all (`All`, `.*`). */
export function askedAttributes(
  attributes: MessageAttributes,
  names: readonly string[] | undefined,
): MessageAttributes {
  const asked = names ?? [];
  if (asked.some((name) => name === 'All' || name === '.*')) return attributes;
  const beginnings = asked.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name]) => asked.includes(name) || beginnings.some((beginning) => name.startsWith(beginning)),
    ),
  );
}
