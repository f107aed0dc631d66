// Entries of a stream: the replies that hold them, and the changes that they are. Pure.

import { OperationalError } from '../../kernel/errors.ts';
import type { Change } from '../change.ts';

/** An entry. Without `fields` it was deleted or trimmed, and only the group's memory of it is left. */
export interface StreamEntry {
  id: string;
  fields?: readonly Buffer[];
}

/** `[[id, [field, value…]]…]` */
export const parseEntries = (reply: unknown): StreamEntry[] =>
  (reply as ([Buffer, Buffer[] | null] | null)[]).flatMap((entry) => {
    // Redis 6.2 answers XAUTOCLAIM with nothing for a deleted entry.
    if (!entry) return [];
    const [id, fields] = entry;
    return [{ id: String(id), ...(fields && { fields }) }];
  });

/** The reply to XREADGROUP of one stream: `[[stream, entries]]`, or nothing. */
export const parseRead = (reply: unknown): StreamEntry[] => {
  const [stream] = (reply as [Buffer, unknown][] | null) ?? [];
  return stream ? parseEntries(stream[1]) : [];
};

/** What XAUTOCLAIM claimed, and where to go on; `0-0` at the end. Deleted entries have no fields. */
export function parseClaim(reply: unknown): { cursor: string; entries: StreamEntry[] } {
  const [cursor, entries, deleted] = reply as [Buffer, unknown, Buffer[]?];
  const gone = (deleted ?? []).map((id) => ({ id: String(id) }));
  return { cursor: String(cursor), entries: [...parseEntries(entries), ...gone] };
}

/** The reply to XPENDING with a range, `[[id, consumer, idle, deliveries]…]`, as deliveries by id. */
export const parseDeliveries = (reply: unknown): Map<string, number> =>
  new Map(
    (reply as [Buffer, Buffer, number, number][]).map(([id, , , count]) => [String(id), Number(count)]),
  );

/** What XINFO GROUPS says of a group; `undefined` when there is no such group. */
export function parseGroup(reply: unknown, group: string): { pending: number; unread: number } | undefined {
  for (const fields of reply as unknown[][]) {
    const values = new Map<string, unknown>();
    for (let index = 0; index < fields.length; index += 2)
      values.set(String(fields[index]), fields[index + 1]);
    if (String(values.get('name')) !== group) continue;
    // Redis before 7.0 does not count what was not read, and none does after entries were deleted.
    return { pending: Number(values.get('pending')), unread: Number(values.get('lag') ?? 0) };
  }
  return undefined;
}

/** Milliseconds have 13 digits; the sequence within one may be any number of 64 bits. */
const MOST_MS_DIGITS = 18;
const SEQUENCE_DIGITS = 20;

/** Grows as ids do. Throws an OperationalError for an id that is no time, which would have more than 38 digits. */
export function sequenceOf(id: string): string {
  const [ms = '', sequence = '0'] = id.split('-');
  if (ms.length > MOST_MS_DIGITS) {
    throw new OperationalError(
      'InvalidOption',
      `The id ${id} of a stream is too large to be a time in milliseconds.`,
    );
  }
  return `${ms}${sequence.padStart(SEQUENCE_DIGITS, '0')}`.replace(/^0+(?=.)/, '');
}

/**
 * The change that an entry is: of the key that its field `key` names, with the other fields as its hash; then a field
 * `kind` with the value `delete` makes it a delete. Without `key` it is a change of the stream, with all of its fields.
 */
export function changeOf(
  { id, fields }: Required<StreamEntry>,
  { stream, cache, database, at }: { stream: string; cache: string; database: number; at: number },
): Change {
  const pairs: (readonly [Buffer, Buffer])[] = [];
  let key: Buffer | undefined;
  let isDelete = false;
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [name, value] = [fields[index]!, fields[index + 1]!];
    if (key === undefined && name.equals(KEY)) key = value;
    else {
      if (name.equals(KIND) && value.equals(DELETE)) isDelete = true;
      pairs.push([name, value]);
    }
  }
  isDelete &&= key !== undefined;
  return {
    ...{ sequence: sequenceOf(id), cache, database, at },
    key: key ?? Buffer.from(stream),
    kind: isDelete ? 'delete' : 'write',
    command: [XADD, Buffer.from(stream), Buffer.from(id), ...fields],
    value: isDelete ? { type: 'none' } : { type: 'hash', fields: pairs },
  };
}

const [KEY, KIND, DELETE, XADD] = ['key', 'kind', 'delete', 'XADD'].map((text) => Buffer.from(text)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];
