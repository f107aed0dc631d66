// What the batch operations share: an invalid entry fails alone, an invalid batch fails as a whole.

import { Fault } from '../../../wire/fault.ts';
import { emptyBatch, invalidBatchEntryId, repeatedBatchEntryId, tooManyEntries } from '../faults.ts';

const MOST_ENTRIES = 10;
const ID = /^[\w-]{1,80}$/;

interface FailedEntry {
  Id: string;
  SenderFault: boolean;
  Code: string;
  Message: string;
}

/**
 * Runs `work` for each entry and collects the results. `entryName` is the shape's name, for error texts. `check`
 * validates the batch before the first entry. Throws EmptyBatchRequest, TooManyEntriesInBatchRequest,
 * InvalidBatchEntryId, BatchEntryIdsNotDistinct.
 */
export function inBatch<E extends { Id?: string | undefined }, R extends object>(
  entryName: string,
  entries: readonly E[],
  work: (entry: E) => R,
  check?: () => void,
): { Successful: ({ Id: string } & R)[]; Failed: FailedEntry[] } {
  checkEntries(entryName, entries);
  check?.();
  const Successful: ({ Id: string } & R)[] = [];
  const Failed: FailedEntry[] = [];
  for (const entry of entries) {
    const Id = entry.Id!;
    try {
      Successful.push({ Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      Failed.push({ Id, SenderFault: true, Code: error.code ?? error.shape, Message: error.message });
    }
  }
  return { Successful, Failed };
}

function checkEntries(entryName: string, entries: readonly { Id?: string | undefined }[]): void {
  if (entries.length === 0) throw emptyBatch(entryName);
  if (entries.length > MOST_ENTRIES) throw tooManyEntries(MOST_ENTRIES, entries.length);
  const seen = new Set<string>();
  for (const { Id = '' } of entries) {
    if (!ID.test(Id)) throw invalidBatchEntryId();
    if (seen.has(Id)) throw repeatedBatchEntryId(Id);
    seen.add(Id);
  }
}
