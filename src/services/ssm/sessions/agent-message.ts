// The binary messages of Session Manager's data channels, as AWS's session-manager-plugin and agent write them
// (github.com/aws/session-manager-plugin, src/message): a header of fixed fields, big endian, then the payload. Pure.

import { createHash } from 'node:crypto';

export const PAYLOAD = {
  output: 1,
  size: 3,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  flag: 10,
} as const;

/** What a payload of the type `flag` says: one number of 32 bits. */
export const FLAG_TERMINATE = 2;

/** A message. */
export interface AgentMessage {
  /** `input_stream_data`, `output_stream_data`, `acknowledge`, `channel_closed`, `pause_publication`… */
  type: string;
  sequence: number;
  /** 1 begins a stream; acknowledgements have 3. */
  flags: number;
  /** A UUID with hyphens. */
  id: string;
  /** See PAYLOAD; 0 where the type of the message says what it has. */
  payloadType: number;
  payload: Buffer;
}

const AT = { type: 4, schema: 36, created: 40, sequence: 48, flags: 56, id: 64, digest: 80 } as const;
const PAYLOAD_TYPE_AT = 112;
const PAYLOAD_LENGTH_AT = 116;
const PAYLOAD_AT = 120;
const TYPE_BYTES = 32;

/** @param createdAt Milliseconds since the epoch. */
export function encodeMessage(message: AgentMessage, createdAt: number): Buffer {
  const { payload } = message;
  const bytes = Buffer.alloc(PAYLOAD_AT + payload.length);
  bytes.writeUInt32BE(PAYLOAD_LENGTH_AT, 0);
  bytes.fill(' ', AT.type, AT.type + TYPE_BYTES);
  bytes.write(message.type, AT.type, TYPE_BYTES, 'latin1');
  bytes.writeUInt32BE(1, AT.schema);
  bytes.writeBigUInt64BE(BigInt(createdAt), AT.created);
  bytes.writeBigInt64BE(BigInt(message.sequence), AT.sequence);
  bytes.writeBigUInt64BE(BigInt(message.flags), AT.flags);
  // Its halves are swapped.
  const id = Buffer.from(message.id.replaceAll('-', ''), 'hex');
  id.copy(bytes, AT.id, 8, 16);
  id.copy(bytes, AT.id + 8, 0, 8);
  createHash('sha256').update(payload).digest().copy(bytes, AT.digest);
  bytes.writeUInt32BE(message.payloadType, PAYLOAD_TYPE_AT);
  bytes.writeUInt32BE(payload.length, PAYLOAD_LENGTH_AT);
  payload.copy(bytes, PAYLOAD_AT);
  return bytes;
}

/** `undefined` when the bytes are no message, or not the ones whose digest it has. */
export function decodeMessage(bytes: Buffer): AgentMessage | undefined {
  if (bytes.length < PAYLOAD_AT || bytes.readUInt32BE(0) !== PAYLOAD_LENGTH_AT) return undefined;
  const payload = bytes.subarray(PAYLOAD_AT);
  if (bytes.readUInt32BE(PAYLOAD_LENGTH_AT) !== payload.length) return undefined;
  const digest = createHash('sha256').update(payload).digest();
  if (payload.length > 0 && !bytes.subarray(AT.digest, AT.digest + 32).equals(digest)) return undefined;
  const id = Buffer.concat([bytes.subarray(AT.id + 8, AT.id + 16), bytes.subarray(AT.id, AT.id + 8)]);
  return {
    // AWS: agents fill up with spaces, others with zeros.
    type: bytes.toString('latin1', AT.type, AT.type + TYPE_BYTES).replace(/[ \0]+$/, ''),
    sequence: Number(bytes.readBigInt64BE(AT.sequence)),
    flags: Number(bytes.readBigUInt64BE(AT.flags)),
    id: id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    payloadType: bytes.readUInt32BE(PAYLOAD_TYPE_AT),
    payload,
  };
}

/** What acknowledges a message. */
export function acknowledgement({ type, id, sequence }: AgentMessage): Buffer {
  return Buffer.from(
    JSON.stringify({
      AcknowledgedMessageType: type,
      AcknowledgedMessageId: id,
      AcknowledgedMessageSequenceNumber: sequence,
      IsSequentialMessage: true,
    }),
  );
}

/** The sequence number that an acknowledgement names; `undefined` when it names none. */
export function acknowledgedSequence({ payload }: AgentMessage): number | undefined {
  const content = jsonOf(payload) as { AcknowledgedMessageSequenceNumber?: unknown } | undefined;
  const sequence = content?.AcknowledgedMessageSequenceNumber;
  return Number.isSafeInteger(sequence) ? (sequence as number) : undefined;
}

/** The size of a terminal; `undefined` when it is none. */
export function sizeOf({ payload }: AgentMessage): { columns: number; rows: number } | undefined {
  const size = jsonOf(payload) as { cols?: unknown; rows?: unknown } | undefined;
  const isSize = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
  return isSize(size?.cols) && isSize(size.rows) ? { columns: size.cols, rows: size.rows } : undefined;
}

function jsonOf(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}
