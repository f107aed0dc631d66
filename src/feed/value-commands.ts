// How a value of each type is read: the command, and the value that its reply is. Pure.

import type { Value } from './change.ts';

/** The reading of a type; replies have Buffers for strings. */
export interface ValueCommand {
  command: (key: Buffer) => (string | Buffer)[];
  value: (reply: unknown) => Value;
}

const list = (reply: unknown): Buffer[] => reply as Buffer[];

/** By what TYPE says. An empty collection is a key that was deleted since then; an empty stream exists. */
export const VALUE_COMMANDS: Readonly<Record<string, ValueCommand>> = {
  string: {
    command: (key) => ['GET', key],
    value: (reply) => (reply === null ? { type: 'none' } : { type: 'string', value: reply as Buffer }),
  },
  list: {
    command: (key) => ['LRANGE', key, '0', '-1'],
    value: (reply) => unlessEmpty(list(reply), { type: 'list', elements: list(reply) }),
  },
  set: {
    command: (key) => ['SMEMBERS', key],
    value: (reply) => unlessEmpty(list(reply), { type: 'set', members: list(reply) }),
  },
  hash: {
    command: (key) => ['HGETALL', key],
    value: (reply) => unlessEmpty(list(reply), { type: 'hash', fields: pairsOf(list(reply)) }),
  },
  zset: {
    command: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
    value: (reply) =>
      unlessEmpty(list(reply), {
        type: 'zset',
        members: pairsOf(list(reply)).map(([member, score]) => [member, scoreOf(score)] as const),
      }),
  },
  stream: {
    command: (key) => ['XRANGE', key, '-', '+'],
    value: (reply) => ({
      type: 'stream',
      entries: (reply as [Buffer, Buffer[]][]).map(([id, fields]) => ({ id: String(id), fields })),
    }),
  },
};

const unlessEmpty = (items: readonly unknown[], value: Value): Value =>
  items.length === 0 ? { type: 'none' } : value;

function pairsOf(items: readonly Buffer[]): [Buffer, Buffer][] {
  const pairs: [Buffer, Buffer][] = [];
  for (let at = 0; at + 1 < items.length; at += 2) pairs.push([items[at]!, items[at + 1]!]);
  return pairs;
}

function scoreOf(score: Buffer): number {
  const text = String(score);
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  return text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
