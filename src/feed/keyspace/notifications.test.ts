// The rules of keyspace notifications.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { missingSetting, parseNotification } from './notifications.ts';
import { PendingKeys } from './pending-keys.ts';

const parse = (channel: string, message: string) =>
  parseNotification(Buffer.from(channel, 'latin1'), Buffer.from(message));

it('both kinds of channels are read, with keys that are no text', () => {
  const key = Buffer.from('a\xff:b', 'latin1');
  assert.deepEqual(parse('__keyspace@0__:a\xff:b', 'hset'), { database: 0, key, event: 'hset' });
  assert.deepEqual(parse('__keyevent@12__:del', 'k'), { database: 12, key: Buffer.from('k'), event: 'del' });
  assert.equal(parse('__keymiss', 'k'), undefined);
  assert.equal(parse('__keyspace@0__:k', 'x'.repeat(65)), undefined);
});

it('a setting is missing when it reports nothing on the channels of the pattern', () => {
  const cases: [setting: string, pattern: string, isMissing: boolean][] = [
    ['', '__key*__:*', true],
    ['AKE', '__key*__:*', false],
    ['EA', '__key*__:*', false],
    ['Kh', '__key*__:*', false],
    ['KE', '__key*__:*', true],
    ['hx', '__key*__:*', true],
    ['KA', '__keyevent@0__:hset', true],
    ['Eh', '__keyevent@0__:hset', false],
    ['EA', '__keyspace@*', true],
    ['EA', '*', false],
  ];
  for (const [setting, pattern, isMissing] of cases) {
    assert.equal(missingSetting(setting, pattern) !== undefined, isMissing, `${setting} ${pattern}`);
  }
  assert.match(missingSetting('', '__keyspace@0__:*')!, /set it to KA or more/);
});

it('pending keys keep their order, the order of their events, and their bounds', () => {
  const pending = new PendingKeys({ keys: 2, bytes: 10_000 });
  const [a, b, c] = ['a', 'b', 'c'].map((name) => Buffer.from(name)) as [Buffer, Buffer, Buffer];
  assert.ok(pending.add(a, 'hset', 1) && pending.add(b, 'set', 2) && pending.add(a, 'del', 3));
  assert.ok(pending.add(a, 'hset', 4));
  assert.equal(pending.add(c, 'set', 5), false);
  assert.deepEqual([pending.size, pending.dropped, pending.oldestAt], [2, 1, 1]);
  const [first] = pending.take(1);
  assert.deepEqual(first, { key: a, events: ['del', 'hset'], at: 1 });
  assert.ok(pending.add(a, 'expire', 6));
  pending.giveBack([first!]);
  assert.deepEqual(
    pending.take(9).map(({ key, events }) => `${key} ${events}`),
    ['b set', 'a del,hset,expire'],
  );
  assert.deepEqual([pending.size, pending.bytes], [0, 0]);
  for (let index = 0; index < 100; index++) pending.add(a, `event${index}`, 0);
  assert.equal(pending.take(1)[0]!.events.length, 16);
});
