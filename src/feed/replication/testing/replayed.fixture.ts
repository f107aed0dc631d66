// Whether the changes that were delivered make the same data set as the cache has, and in order.

import assert from 'node:assert/strict';
import type { Cluster } from 'ioredis';
import { until } from '../../../engine/testing/settle.ts';
import type { Change } from '../../change.ts';
import type { Collected } from './collected.fixture.ts';

/** Fails when a change of a key comes after a later one. A change may come again, with those after it. */
export function assertInOrder(changes: readonly Change[]): void {
  const last = new Map<string, bigint>();
  for (const { key, sequence, kind, command } of changes) {
    const before = last.get(String(key));
    const what = `${kind} ${command?.join(' ') ?? ''} of ${key}`;
    assert.ok(before === undefined || BigInt(sequence) > before, `${what}: ${sequence} after ${before}`);
    last.set(String(key), BigInt(sequence));
  }
}

/** The strings `key-0` and so on, as the last change of each key says. */
export function stateOf(changes: readonly Change[]): Map<string, string> {
  const state = new Map<string, string>();
  for (const { key, kind, value } of changes) {
    if (kind === 'delete' || value?.type === 'none') state.delete(String(key));
    else if (value?.type === 'string') state.set(String(key), String(value.value));
  }
  return state;
}

/** Waits until what was delivered is what the cache has; shows the differences when it does not become so. */
export async function assertSameAsCache(collected: Collected, cluster: Cluster, keys: number): Promise<void> {
  const names = Array.from({ length: keys }, (_, index) => `key-${index}`);
  const values = await Promise.all(names.map((name) => cluster.get(name)));
  const expected = new Map(
    names.flatMap((name, index) => (values[index] === null ? [] : [[name, values[index]!]])),
  );
  await until('the changes make what the cache has', () => {
    if (collected.failure) throw collected.failure;
    const state = stateOf(collected.changes);
    const wrong = names.filter((name) => state.get(name) !== expected.get(name));
    if (wrong.length > 0) {
      const [name] = wrong as [string];
      const history = collected.changes.filter(({ key }) => String(key) === name).slice(-4);
      const shown = history.map(
        ({ kind, shard, sequence, value }) => `${shard} ${sequence} ${kind} ${JSON.stringify(value)}`,
      );
      throw new Error(`${wrong.length} keys differ, ${name} is ${expected.get(name)}:\n${shown.join('\n')}`);
    }
    return true;
  });
}
