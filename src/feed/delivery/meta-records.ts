// Reads the hashes of mappings, `__meta_record__…`, that a cache has. The source reports only later changes of them.

import { setTimeout as pause } from 'node:timers/promises';
import { META_PREFIX } from '../configuration/function-file.ts';

/** Asks one node; texts in replies are Buffers, and an error reply is an Error among them. */
export type Ask = (commands: readonly (readonly string[])[]) => Promise<readonly unknown[]>;

/** A hash of mappings. */
export interface MetaRecord {
  key: string;
  fields: ReadonlyMap<string, string>;
}

const RETRY_MS = 500;
/** Keys that the engine looks at for one command. */
const SCANNED = '1000';
/** A cache has a few; beyond this they are no mappings. */
const MOST = 1_000;

/**
 * Reads them from a node of each shard, which `nodesOf` gives; it may reject while there is none. Tries again until it
 * succeeds. Rejects with the signal's reason.
 */
export async function readMetaRecords(
  nodesOf: () => readonly Ask[] | Promise<readonly Ask[]>,
  signal: AbortSignal,
): Promise<readonly MetaRecord[]> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const nodes = await nodesOf();
      if (nodes.length > 0) return (await Promise.all(nodes.map(readNode))).flat().slice(0, MOST);
    } catch {
      // The node may be gone by now.
    }
    await pause(RETRY_MS, undefined, { signal });
  }
}

async function readNode(ask: Ask): Promise<MetaRecord[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [page] = await answers(ask, [['SCAN', cursor, 'MATCH', `${META_PREFIX}*`, 'COUNT', SCANNED]]);
    const [next, found] = page as [Buffer, Buffer[]];
    cursor = String(next);
    for (const key of found) keys.add(key.toString());
  } while (cursor !== '0' && keys.size <= MOST);
  const names = [...keys];
  if (names.length === 0) return [];
  const types = await answers(
    ask,
    names.map((key) => ['TYPE', key]),
  );
  const hashes = names.filter((_key, index) => String(types[index]) === 'hash');
  if (hashes.length === 0) return [];
  const contents = await answers(
    ask,
    hashes.map((key) => ['HGETALL', key]),
  );
  return hashes.map((key, index) => ({ key, fields: fieldsOf(contents[index] as Buffer[]) }));
}

async function answers(ask: Ask, commands: readonly (readonly string[])[]): Promise<readonly unknown[]> {
  const replies = await ask(commands);
  const failed = replies.find((reply) => reply instanceof Error);
  if (failed) throw failed;
  return replies;
}

function fieldsOf(words: readonly Buffer[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) fields.set(String(words[at]), String(words[at + 1]));
  return fields;
}
