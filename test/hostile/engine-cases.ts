// What a lying engine may answer to Millpond's own connection: replies that are none, and texts of INFO and CLUSTER NODES
// that no engine writes.

import { parseClusterInfo, parseClusterNodes } from '../../src/engine/cluster-nodes.ts';
import { viewFromInfo } from '../../src/engine/info.ts';
import type { Random } from '../support/random-input.ts';

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const ID = '0123456789abcdef0123456789abcdef01234567';
const node = (slots: string): string => `${ID} 127.0.0.1:6379@16379 myself,master - 0 0 1 connected ${slots}`;

/** As they come over the wire, in answer to any command. */
export const ENGINE_REPLIES: Record<string, string> = {
  noise: '\u009b\u0000\u0001\r\n\r\n',
  HTTP: 'HTTP/1.1 400 Bad Request\r\n\r\n',
  'an error': '-ERR no\r\n',
  'a number': ':9223372036854775807\r\n',
  'nothing at all': '$-1\r\n',
  'a text of 2^60 bytes': '$1152921504606846976\r\nabc',
  'a list of 2^60': '*1152921504606846976\r\n',
  '1,000 deep lists': '*1\r\n'.repeat(1_000),
  'a list in place of a text': `*2\r\n${bulk('role')}${bulk('master')}`,
  'a text of 8 MB': bulk('a:b\r\n'.repeat(1_600_000)),
  'INFO without an end': bulk('role:slave\r\nmaster_link_status'),
  'INFO of 30,000 replicas': bulk(
    `role:master\r\n${Array.from({ length: 30_000 }, (_, i) => `slave${i}:ip=1.1.1.1,port=1,state=online,offset=${i}`).join('\r\n')}`,
  ),
  'slots without end': bulk(node('0-999999999999 -5-7 9-3 a-b [99999->-ab] NaN')),
  '20,000 nodes': bulk(`${node('')}\n`.repeat(20_000)),
};

const TEXTS = [
  'role:slave\r\nmaster_host:127.0.0.1\r\nmaster_port:6379\r\nmaster_link_status:up\r\nslave_repl_offset:14\r\nmaster_replid:ab\r\ndb0:keys=3,expires=0\r\n',
  'role:master\r\nconnected_slaves:1\r\nslave0:ip=127.0.0.1,port=6379,state=online,offset=14,lag=0\r\nmaster_repl_offset:14\r\n',
  `${node('0-16383')}\n${ID.replace('0', '1')} 127.0.0.2:6379@16379 slave ${ID} 0 0 1 connected\n`,
  'cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_known_nodes:6\r\n',
];
const PIECES = [
  '\r\n',
  ':',
  ',',
  '=',
  '-',
  '[',
  ']',
  '->-',
  '0',
  '99999999999999999999',
  'NaN',
  '__proto__',
  ' ',
  '\u0000',
  '𝕏',
];

/** A text of an engine with some of it cut out, doubled or replaced. */
export function damagedText(random: Random): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  let text = pick(TEXTS);
  for (let change = 0; change < 1 + random() * 6; change++) {
    const at = Math.floor(random() * text.length);
    const end = at + Math.floor(random() * 8);
    const piece = random() < 0.3 ? text.slice(at, at + 40) : pick(PIECES);
    text = text.slice(0, at) + piece + text.slice(end);
  }
  return text;
}

/** Reads it as every reader does. */
export function readAll(text: string): void {
  viewFromInfo(text);
  parseClusterInfo(text);
  for (const { slots } of parseClusterNodes(text)) {
    for (const [first, last] of slots) for (let slot = first; slot <= last; slot++);
  }
}
