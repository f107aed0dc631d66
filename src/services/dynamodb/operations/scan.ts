// Scan.

import { readScan } from '../domain/requests/reads.ts';
import { startKeyInOtherSegment } from '../faults/keys.ts';
import { indexOf, pageView, pagingOf } from '../paging.ts';
import { readPage } from '../reading.ts';
import type { Operation } from '../sdk.ts';
import { segmentOf, storedKeyOf } from '../storage/stored-key.ts';
import { usableTable } from '../table-names.ts';

export const Scan: Operation<'Scan'> = async ({ storage, capacity }, input, context) => {
  const read = readScan(input);
  const table = usableTable(storage.tables, context, input.TableName);
  const index = indexOf(table, input);
  const paging = pagingOf(table, index, input, read);
  const { Segment, TotalSegments } = input;
  const segment = TotalSegments === undefined ? undefined : segmentOf(Segment!, TotalSegments);
  if (segment && paging.start) {
    const { hash } = storedKeyOf((index ?? table.record).key, paging.start);
    const isBelow = Buffer.compare(hash, segment.from) < 0;
    if (isBelow || (segment.to && Buffer.compare(hash, segment.to) >= 0)) {
      throw startKeyInOtherSegment(Segment!, TotalSegments!);
    }
  }
  capacity.admit(table, 'read', index);
  const page = await readPage({ ...paging, reading: { segment } });
  capacity.consume(page.usage);
  return pageView(page, input, context);
};
