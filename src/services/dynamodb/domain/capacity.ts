// Capacity units: what reads and writes cost. Pure.

const READ_UNIT_BYTES = 4 * 1024;
const WRITE_UNIT_BYTES = 1024;

/** How a read is made; each costs half of the next. */
export type ReadKind = 'eventual' | 'consistent' | 'transactional';

const READ_FACTOR: Readonly<Record<ReadKind, number>> = { eventual: 0.5, consistent: 1, transactional: 2 };

/**
 * Read units of one item, or of a page of a query or scan: `bytes` is the size of all items that were read together. A
 * read that found nothing costs as much as one of a small item.
 */
export const readUnits = (bytes: number, kind: ReadKind): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * READ_FACTOR[kind];

/**
 * Write units of one item: the larger of its sizes before and after counts; 0 bytes where there is none. Transactional
 * writes cost double.
 */
export const writeUnits = (bytesBefore: number, bytesAfter: number, isTransactional = false): number =>
  Math.max(1, Math.ceil(Math.max(bytesBefore, bytesAfter) / WRITE_UNIT_BYTES)) * (isTransactional ? 2 : 1);

/**
 * Write units that an index costs: sizes of the projected item in the index before and after, `undefined` where the
 * index has none. AWS: another key is a deletion and an insertion; an unchanged projection costs nothing.
 */
export function indexWriteUnits(
  before: { bytes: number } | undefined,
  after: { bytes: number } | undefined,
  change: { isSameKey: boolean; isSameItem: boolean },
  isTransactional = false,
): number {
  if (before && after && change.isSameItem) return 0;
  const units = (bytes: number) => writeUnits(0, bytes, isTransactional);
  if (before && after && !change.isSameKey) return units(before.bytes) + units(after.bytes);
  if (!before && !after) return 0;
  return units(Math.max(before?.bytes ?? 0, after?.bytes ?? 0));
}
