// The traffic of a drill: a writer of new keys that remembers the acknowledged ones, and a reader. The pace and the
// drill's length bound the number of keys.

import { setTimeout as delay } from 'node:timers/promises';
import { type Attempt, errorKind } from './attempt.ts';
import type { EndpointClient } from './endpoint-client.ts';

/** The state of the writer. */
export interface Writer {
  attempts: Attempt[];
  /** The numbers of acknowledged writes. */
  acknowledged: number[];
  keyOf(number: number): string;
}

/** The time between the starts of two attempts. */
const PACE_MS = 2;
/** Keys expire in case the drill cannot delete them. */
const KEY_LIFE_SECONDS = 900;
const BATCH = 500;

/** `tag` is the hash tag of all keys. */
export function createWriter(tag: string): Writer {
  return { attempts: [], acknowledged: [], keyOf: (number) => `millpond-drill:{${tag}}:${number}` };
}

/** Writes new keys until `signal` aborts. */
export async function keepWriting(
  writer: Writer,
  client: EndpointClient,
  signal: AbortSignal,
): Promise<void> {
  let number = 0;
  await repeat(writer.attempts, signal, async () => {
    const current = ++number;
    await client.attempt((redis) => redis.set(writer.keyOf(current), current, 'EX', KEY_LIFE_SECONDS));
    writer.acknowledged.push(current);
  });
}

/** Reads the latest key until `signal` aborts; ignores the value. */
export async function keepReading(
  attempts: Attempt[],
  writer: Writer,
  client: EndpointClient,
  signal: AbortSignal,
): Promise<void> {
  await repeat(attempts, signal, async () => {
    await client.attempt((redis) => redis.get(writer.keyOf(writer.acknowledged.at(-1) ?? 0)));
  });
}

async function repeat(attempts: Attempt[], signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      await attempt();
      attempts.push({ startedAt, endedAt: performance.now() });
    } catch (error) {
      attempts.push({ startedAt, endedAt: performance.now(), error: errorKind(error) });
    }
    const restMs = PACE_MS - (performance.now() - startedAt);
    await delay(Math.max(0, restMs), undefined, { signal }).catch(() => {});
  }
}

/** Counts acknowledged writes that are missing or changed. May be repeated after a failure. */
export async function countLost(writer: Writer, client: EndpointClient): Promise<number> {
  let lost = 0;
  for (const numbers of batchesOf(writer.acknowledged)) {
    const found = await client.attempt((redis) => redis.mget(...numbers.map(writer.keyOf)));
    lost += numbers.filter((number, index) => found[index] !== String(number)).length;
  }
  return lost;
}

/** Best effort: the keys also expire. */
export async function deleteKeys(writer: Writer, client: EndpointClient): Promise<void> {
  for (const numbers of batchesOf(writer.acknowledged)) {
    await client.attempt((redis) => redis.unlink(...numbers.map(writer.keyOf))).catch(() => {});
  }
}

function* batchesOf(numbers: readonly number[]): Generator<number[]> {
  for (let from = 0; from < numbers.length; from += BATCH) yield numbers.slice(from, from + BATCH);
}
