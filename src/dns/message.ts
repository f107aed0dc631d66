// Decodes DNS queries and encodes responses, truncated to what the client accepts. Does not look names up, and never
// throws on input from the network.

import type { Resource } from 'dns2';
import type { NamedRecord } from './answer.ts';
import { Packet } from './packet.ts';
import { PacketWriter } from './packet-writer.ts';

const { TYPE, CLASS, RCODE } = Packet;

/** The response codes that the server sends. */
export type ResponseCode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED' | 'BADVERS';

/** A well-formed query with one question. */
export interface Query {
  id: number;
  /** The name in the letter case of the query, because some resolvers compare it. */
  name: string;
  /** `A`, `AAAA`…; `TYPE65` for a type that dns2 does not know. */
  type: string;
  /** The largest UDP response that the client accepts, in octets. */
  udpLimit: number;
  /** Set when the query is refused without a lookup: an unsupported class or EDNS version. */
  refusal?: ResponseCode;
  packet: Packet;
}

/** The contents of a response. */
export interface Reply {
  code: ResponseCode;
  answers: Resource[];
  authorities: Resource[];
}

const HEADER_BYTES = 12;
const PLAIN_UDP_BYTES = 512;
/** Loopback could carry far more; a larger answer is better sent over TCP. */
const MAX_UDP_BYTES = 4096;
/** The largest message over TCP. */
export const MAX_MESSAGE_BYTES = 65_535;

/**
 * Decodes a query. `undefined` means that no response is due (no header, or the message is a response); a Buffer is the
 * error response to send.
 */
export function decodeQuery(message: Buffer): Query | Buffer | undefined {
  if (message.length < HEADER_BYTES || message[2]! & 0x80) return undefined;
  if (message[2]! & 0x78) return bareError(message, 'NOTIMP');
  const counts = [4, 6, 8, 10].map((offset) => message.readUInt16BE(offset));
  // The counts are checked first: every broken record would cost an exception in the parser.
  if (counts[0] !== 1 || counts[1]! + counts[2]! > 1 || counts[3]! > 2) return bareError(message, 'FORMERR');

  let packet: Packet;
  try {
    packet = Packet.parse(message);
  } catch {
    return bareError(message, 'FORMERR');
  }
  const [question] = packet.questions;
  if (!question || packet.errors.length > 0) return bareError(message, 'FORMERR');

  const edns = packet.additionals.find((record) => record.type === TYPE.EDNS);
  const query: Query = {
    id: packet.header.id,
    name: question.name,
    type: typeName(question.type),
    udpLimit: edns ? Math.min(Math.max(edns.class, PLAIN_UDP_BYTES), MAX_UDP_BYTES) : PLAIN_UDP_BYTES,
    packet,
  };
  if (edns?.version) query.refusal = 'BADVERS';
  else if (question.class !== CLASS.IN && question.class !== CLASS.ANY) query.refusal = 'REFUSED';
  return query;
}

/**
 * Encodes a response of at most `limit` octets. Records that do not fit are left out from the end, and the TC bit is
 * set.
 */
export function encodeReply(query: Query, reply: Reply, limit: number): Buffer {
  const response = Packet.createResponseFromRequest(query.packet);
  // AWS: a VPC's resolver never sets the AA bit, which nslookup shows.
  response.header.aa = 0;
  response.header.ra = 1;
  response.header.rcode = RCODE[reply.code];
  response.answers = reply.answers;
  response.authorities = reply.authorities;
  if (query.packet.additionals.some((record) => record.type === TYPE.EDNS)) {
    response.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: MAX_UDP_BYTES }));
  }

  let encoded = encode(response);
  while (encoded.length > limit) {
    // musl before 1.2.4 has no TCP and uses the records of a truncated answer, so as many as fit are sent.
    const fitting = Math.floor((response.answers.length * limit) / encoded.length);
    response.answers = response.answers.slice(0, Math.min(fitting, response.answers.length - 1));
    response.authorities = [];
    response.header.tc = 1;
    encoded = encode(response);
  }
  return encoded;
}

/** Encodes a query to send to another resolver. */
export function encodeQuestion(name: string, type: string): Buffer {
  const packet = new Packet();
  packet.header = new Packet.Header({ rd: 1 });
  packet.questions.push(new Packet.Question(name, typeCode(type), CLASS.IN));
  packet.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: MAX_UDP_BYTES }));
  return encode(packet);
}

/** The answers in another resolver's response; `undefined` when it is malformed or has an error code. */
export function decodeAnswers(response: Buffer): Resource[] | undefined {
  try {
    const packet = Packet.parse(response);
    if (packet.header.rcode !== RCODE.NOERROR || packet.errors.length > 0) return undefined;
    return packet.answers;
  } catch {
    return undefined;
  }
}

/** Reduces a response that is too long for its client to header and question, with the TC bit set. */
export function truncateResponse(response: Buffer): Buffer {
  let end = HEADER_BYTES;
  while (end < response.length && response[end] !== 0) end += response[end]! + 1;
  const truncated = Buffer.from(response.subarray(0, end + 5));
  truncated[2]! |= 0x02;
  truncated.fill(0, 6, HEADER_BYTES);
  return truncated;
}

/** Converts a zone's record to dns2's form. Throws when the data cannot be encoded. */
export function resourceOf(record: NamedRecord): Resource {
  const base = { name: record.name, type: TYPE[record.type], class: CLASS.IN, ttl: record.ttl };
  const words = record.data.split(' ');
  const number = (index: number) => Number(words[index]);
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return new Packet.Resource({ ...base, address: record.data });
    case 'CNAME':
    case 'PTR':
      return new Packet.Resource({ ...base, domain: record.data });
    case 'NS':
      return new Packet.Resource({ ...base, ns: record.data });
    case 'MX':
      return new Packet.Resource({ ...base, priority: number(0), exchange: words[1] ?? '' });
    case 'TXT':
      return new Packet.Resource({
        ...base,
        data: record.strings ? octetStrings(record.strings) : textChunks(record.data),
      });
    case 'SRV':
      return new Packet.Resource({
        ...base,
        priority: number(0),
        weight: number(1),
        port: number(2),
        target: words[3] ?? '',
      });
    case 'SOA':
      return new Packet.Resource({
        ...base,
        primary: words[0] ?? '',
        admin: words[1] ?? '',
        serial: number(2),
        refresh: number(3),
        retry: number(4),
        expiration: number(5),
        minimum: number(6),
      });
  }
}

/** A TXT record is a list of strings of at most 255 octets. */
function textChunks(text: string): string[] {
  const octets = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let at = 0; at === 0 || at < octets.length; at += 255) chunks.push(octets.subarray(at, at + 255));
  return chunks as unknown as string[];
}

const octetStrings = (strings: readonly string[]): string[] =>
  strings.map((string) => Buffer.from(string, 'latin1')) as unknown as string[];

const typeNames = new Map<number, string>(Object.entries(TYPE).map(([name, code]) => [code, name]));

const typeName = (code: number): string => typeNames.get(code) ?? `TYPE${code}`;

const typeCode = (name: string): number =>
  (TYPE as Record<string, number>)[name] ?? Number(name.replace(/^TYPE/, ''));

function encode(packet: Packet): Buffer {
  // An SRV target must not be a pointer (RFC 2782), and c-ares rejects one.
  const pointers = packet.answers.every((record) => record.type !== TYPE.SRV);
  const writer = new PacketWriter(HEADER_BYTES + 256 + packet.answers.length * 64, { pointers });
  // dns2's declaration leaves the writer out, which its toBuffer has always taken.
  return (packet as unknown as { toBuffer(writer: PacketWriter): Buffer }).toBuffer(writer);
}

/** A response with only a header, for a query that could not be decoded further. */
function bareError(message: Buffer, code: keyof typeof RCODE): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  message.copy(header, 0, 0, 2);
  header[2] = 0x80 | (message[2]! & 0x79);
  header[3] = 0x80 | RCODE[code];
  return header;
}
