// Items in the SDK's types. They have the same form; only the types differ, because the SDK's are for clients.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './domain/values.ts';

/** An item, or a part of one, in an output. */
export const itemView = (item: Attributes): Record<string, AttributeValue> =>
  item as unknown as Record<string, AttributeValue>;

/** Like `itemView`; `undefined` for none, and for one without attributes. */
export const partView = (item: Attributes | undefined): Record<string, AttributeValue> | undefined =>
  item && Object.keys(item).length > 0 ? itemView(item) : undefined;
