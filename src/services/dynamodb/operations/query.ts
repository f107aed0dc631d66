// Query.

import { isInRange } from '../domain/key-range.ts';
import { checkFilterOfQuery } from '../domain/requests/key-attributes.ts';
import { readQuery } from '../domain/requests/reads.ts';
import { checkQueriedKey } from '../domain/tables/item-keys.ts';
import { startKeyNotInRange, startKeyOutside } from '../faults/keys.ts';
import { indexOf, pageView, pagingOf } from '../paging.ts';
import { readPage } from '../reading.ts';
import type { Operation } from '../sdk.ts';
import { storedHash, storedKeyOf } from '../storage/stored-key.ts';
import { usableTable } from '../table-names.ts';

export const Query: Operation<'Query'> = async ({ storage, capacity }, input, context) => {
  const read = readQuery(input);
  const table = usableTable(storage.tables, context, input.TableName);
  const index = indexOf(table, input);
  const { key } = index ?? table.record;
  const { hash, from, to } = read.keyCondition.in(key);
  checkQueriedKey(key, read.keyCondition.values);
  if (read.filter) checkFilterOfQuery(key, read.filter, input.QueryFilter !== undefined);
  const partition = { hash: storedHash(hash), ...(from && { from }), ...(to && { to }) };
  const paging = pagingOf(table, index, input, read);
  if (paging.start) {
    const start = storedKeyOf(key, paging.start);
    if (!start.hash.equals(partition.hash)) throw startKeyOutside();
    if (!isInRange(partition, start.range)) throw startKeyNotInRange();
  }
  capacity.admit(table, 'read', index);
  const isBackward = input.ScanIndexForward === false;
  const page = await readPage({ ...paging, reading: { partition, isBackward } });
  capacity.consume(page.usage);
  return pageView(page, input, context);
};
