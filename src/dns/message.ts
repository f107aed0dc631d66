// Between octets and questions: decodes queries, encodes answers, cuts them to what the client takes. Never looks
// a name up and never throws on what came from outside.

import type { Resource } from 'dns2';
import type { NamedRecord } from './answer.ts';
import { Packet } from './packet.ts';
import { PacketWriter } from './packet-writer.ts';

const { TYPE, CLASS, RCODE } = Packet;

export type ResponseCode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED' | 'BADVERS';

/** A well-formed question of one name. */
export interface Query {
  id: number;
  /** As it was asked: its case is kept, since some resolvers check it. */
  name: string;
  /** `A`, `AAAA`…; `TYPE65` for one that dns2 does not know. */
  type: string;
  /** What the client takes over UDP, in octets. */
  udpLimit: number;
  /** Already answered by its form alone: a class or an operation we do not serve. */
  refusal?: ResponseCode;
  packet: Packet;
}

export interface Reply {
  code: ResponseCode;
  answers: Resource[];
  authorities: Resource[];
}

const HEADER_BYTES = 12;
const PLAIN_UDP_BYTES = 512;
/** Loopback takes far more; beyond this a client does better over TCP. */
const MAX_UDP_BYTES = 4096;
export const MAX_MESSAGE_BYTES = 65_535;

/** `undefined`: not even worth an answer (no header, or itself a response). A Buffer: the error to send back. */
export function decodeQuery(message: Buffer): Query | Buffer | undefined {
  if (message.length < HEADER_BYTES || message[2]! & 0x80) return undefined;
  if (message[2]! & 0x78) return bareError(message, 'NOTIMP');
  const counts = [4, 6, 8, 10].map((offset) => message.readUInt16BE(offset));
  // Refused by the counts first: each broken record would cost the parser an exception.
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

/** At most `limit` octets: records that do not fit are left out from the end, and the TC bit says so. */
export function encodeReply(query: Query, reply: Reply, limit: number): Buffer {
  const response = Packet.createResponseFromRequest(query.packet);
  // AWS: a VPC's resolver answers for the zones' owners, never as one of them; nslookup says so.
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
    // musl before 1.2.4 has no TCP and uses what a truncated answer holds, so as much as fits is sent.
    const fitting = Math.floor((response.answers.length * limit) / encoded.length);
    response.answers = response.answers.slice(0, Math.min(fitting, response.answers.length - 1));
    response.authorities = [];
    response.header.tc = 1;
    encoded = encode(response);
  }
  return encoded;
}

/** A question of our own, to be sent elsewhere. */
export function encodeQuestion(name: string, type: string): Buffer {
  const packet = new Packet();
  packet.header = new Packet.Header({ rd: 1 });
  packet.questions.push(new Packet.Question(name, typeCode(type), CLASS.IN));
  packet.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: MAX_UDP_BYTES }));
  return encode(packet);
}

/** The answers of a response from elsewhere; `undefined` when it is broken or bears an error. */
export function decodeAnswers(response: Buffer): Resource[] | undefined {
  try {
    const packet = Packet.parse(response);
    if (packet.header.rcode !== RCODE.NOERROR || packet.errors.length > 0) return undefined;
    return packet.answers;
  } catch {
    return undefined;
  }
}

/** A response that is too long for its client, reduced to its header and question. */
export function truncateResponse(response: Buffer): Buffer {
  let end = HEADER_BYTES;
  while (end < response.length && response[end] !== 0) end += response[end]! + 1;
  const truncated = Buffer.from(response.subarray(0, end + 5));
  truncated[2]! |= 0x02;
  truncated.fill(0, 6, HEADER_BYTES);
  return truncated;
}

/** A record of a zone in dns2's form. Throws on data that cannot be encoded. */
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

/** Header only: for what could not be read any further. */
function bareError(message: Buffer, code: keyof typeof RCODE): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  message.copy(header, 0, 0, 2);
  header[2] = 0x80 | (message[2]! & 0x79);
  header[3] = 0x80 | RCODE[code];
  return header;
}
