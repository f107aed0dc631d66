// The attributes that a write returns. Pure.

import type { ReturnValues } from './requests/writes.ts';
import type { Update } from './update.ts';
import type { Attributes, Item } from './values.ts';

/**
 * What a write returns; `undefined` for nothing. AWS: UPDATED_OLD and UPDATED_NEW are the parts of the item that the
 * update names, with the indexes that it names.
 */
export function returnedAttributes(
  wanted: ReturnValues,
  before: Item | undefined,
  after: Item | undefined,
  update?: Update,
): Attributes | undefined {
  switch (wanted) {
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return before && update && partsOf(update, before);
    case 'UPDATED_NEW':
      return after && update && partsOf(update, after);
    default:
      return undefined;
  }
}

function partsOf(update: Update, item: Item): Attributes | undefined {
  const parts = update.changedParts(item);
  return Object.keys(parts).length > 0 ? parts : undefined;
}
