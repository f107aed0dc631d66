// Keys of every type and encoding for tests of dumps, and their values as clients read them.

import type { Redis } from 'ioredis';
import type { Value } from '../../src/feed/change.ts';

/** So small that a test has values on both sides of each. */
export const SMALL_LIMITS: Record<string, string> = {
  'hash-max-listpack-entries': '4',
  'hash-max-listpack-value': '20',
  'set-max-intset-entries': '4',
  'zset-max-listpack-entries': '4',
  'zset-max-listpack-value': '20',
  'list-max-listpack-size': '3',
  'stream-node-max-entries': '3',
};

/** As SET, HSET… take them. The encodings are those that SMALL_LIMITS give. */
export async function writeValues(client: Redis): Promise<void> {
  const integers = ['0', '1', '127', '128', '-1', '-128', '-4096', '4095', '-4097', '32767', '-32768'].concat(
    ['32768', '8388607', '-8388608', '8388608', '2147483647', '-2147483648', '2147483648'],
    [
      '9007199254740993',
      '9223372036854775807',
      '-9223372036854775808',
      '9223372036854775808',
      '007',
      '-0',
      '',
    ],
  );
  for (const text of integers) await client.set(`string:${text}`, text);
  for (const length of [1, 20, 21, 63, 64, 100, 16_383, 16_384, 70_000, 300_000]) {
    await client.set(`same:${length}`, 'x'.repeat(length));
    await client.set(`mixed:${length}`, mixed(length));
    await client.hset(`hash:of:${length}`, 'field', mixed(length), mixed(length), 'value');
    await client.rpush(`list:of:${length}`, 'a', mixed(length), 'z');
    await client.sadd(`set:of:${length}`, 'a', mixed(length));
    await client.zadd(`zset:of:${length}`, '1', mixed(length), '2', 'b');
    await client.xadd(`stream:of:${length}`, '*', 'field', mixed(length));
  }
  for (const count of [1, 2, 3, 4, 5, 40]) {
    const names = Array.from({ length: count }, (_, at) => `n${at}`);
    await client.hset(
      `hash:${count}`,
      ...names.flatMap((name, at) => [name, integers[at % integers.length]!]),
    );
    await client.rpush(`list:${count}`, ...names.map((_, at) => integers[at % integers.length]!));
    await client.sadd(`set:${count}`, ...names);
    for (const [at, bound] of [100, 100_000, 10_000_000_000].entries()) {
      await client.sadd(`ints:${at}:${count}`, ...names.map((_, index) => index * 7 - bound));
    }
    const scores = ['1', '-3', '0.1', '1e300', 'inf', '-inf', '-0', '3.5', '9007199254740993', '17'];
    await client.zadd(`zset:${count}`, ...names.flatMap((name, at) => [scores[at % scores.length]!, name]));
    for (const [at, name] of names.entries()) {
      await client.xadd(
        `stream:${count}`,
        `${1000 + at}-${7 * at}`,
        ...(at % 3 === 0 ? ['f', name] : ['f', name, 'g', '12']),
      );
    }
    await client.xdel(`stream:${count}`, '1001-7');
  }
  // Fewer than it was made for, and groups with pending entries.
  await client.xgroup('CREATE', 'stream:5', 'group', '0');
  await client.xgroup('CREATE', 'stream:5', 'idle', '$');
  await client.xreadgroup('GROUP', 'group', 'consumer', 'COUNT', '2', 'STREAMS', 'stream:5', '>');
  await client.xadd('stream:empty', '5-5', 'a', 'b');
  await client.xdel('stream:empty', '5-5');
  await client.set('expires', 'x', 'PXAT', 4_102_444_800_123);
  await client.hset('hash:expires', 'a', 'b');
  await client.pexpireat('hash:expires', 4_102_444_800_456);
  await client.set(Buffer.from([0, 255, 13, 10, 128]), Buffer.from([255, 0, 254]));
  await client.pfadd('hyperloglog', 'a', 'b', 'c');
  await client.setbit('bits', 70_000, 1);
  await client.select(3);
  await client.set('in:3', 'three');
  await client.select(0);
}

/** Bytes that do not compress well. */
function mixed(length: number): string {
  let state = length;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += (state >>> 8).toString(36);
  }
  return text.slice(0, length);
}

/** A value as commands answer it. */
export async function readValueOf(client: Redis, key: Buffer): Promise<Value> {
  const type = await client.type(key);
  switch (type) {
    case 'string':
      return { type, value: (await client.getBuffer(key))! };
    case 'list':
      return { type, elements: await client.lrangeBuffer(key, 0, -1) };
    case 'set':
      return { type, members: await client.smembersBuffer(key) };
    case 'hash': {
      const flat = (await client.callBuffer('HGETALL', key)) as Buffer[];
      return { type, fields: pairs(flat) };
    }
    case 'zset': {
      const flat = await client.zrangeBuffer(key, '0', '-1', 'WITHSCORES');
      return { type, members: pairs(flat).map(([member, score]) => [member, scoreOf(score)]) };
    }
    case 'stream': {
      const entries = await client.xrangeBuffer(key, '-', '+');
      return { type, entries: entries.map(([id, fields]) => ({ id: id.toString(), fields })) };
    }
    case 'none':
      return { type };
    default:
      return { type: 'other', name: type };
  }
}

function scoreOf(text: Buffer): number {
  return Number(text.toString().replace('inf', 'Infinity'));
}

function pairs(flat: readonly Buffer[]): [Buffer, Buffer][] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!, flat[2 * at + 1]!]);
}
