// Items in the SDK's types. They have the same form; only the types differ, because the SDK's are for clients.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { RequestContext } from '../../wire/service.ts';
import { WrittenJson } from '../../wire/written-json.ts';
import type { Attributes } from './domain/values.ts';
import type { StoredItem } from './storage/items.ts';

/** An item, or a part of one, in an output. */
export const itemView = (item: Attributes): Record<string, AttributeValue> =>
  item as unknown as Record<string, AttributeValue>;

/** Like `itemView`; `undefined` for none, and for one without attributes. */
export const partView = (item: Attributes | undefined): Record<string, AttributeValue> | undefined =>
  item && Object.keys(item).length > 0 ? itemView(item) : undefined;

/**
 * A stored item as it is, for a response to a client. It is not parsed; a service in this process gets the item itself.
 */
export function storedView(stored: StoredItem, { client }: RequestContext): Record<string, AttributeValue> {
  if (!client) return itemView(stored.item);
  return new WrittenJson(stored.text, () => stored.item) as unknown as Record<string, AttributeValue>;
}
