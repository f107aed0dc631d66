// What AWS's article on integrating ElastiCache passes to functions, `{id, obj_name, body}`, and the hashes of the cache that
// say which function gets which keys. Pure.

import type { Change, Value } from '../change.ts';
import { META_PREFIX } from '../configuration/function-file.ts';
import { recordOf } from './record.ts';

/** The event of the article's functions. */
export interface ArticleEvent {
  id: string;
  obj_name: string;
  /** JSON: for a hash an object of its fields, as its listener reads them after the event. */
  body: string;
}

/** The event for a change; of a key that is gone the body is `{}`. */
export function articleEvent(change: Change): ArticleEvent {
  const key = change.key.toString();
  return { id: key, obj_name: key, body: JSON.stringify(bodyOf(change)) };
}

function bodyOf(change: Change): unknown {
  const { value } = change;
  if (!value || value.type === 'none') return {};
  if (value.type !== 'hash') return recordOf(change).value;
  // The listener is a program in Go, whose JSON has the fields in order and no bytes that are no text.
  const fields = [...value.fields].sort(([one], [other]) => Buffer.compare(one, other));
  return Object.fromEntries(fields.map(([name, content]) => [name.toString(), content.toString()]));
}

const PREFIX = Buffer.from(META_PREFIX);

/** Whether a key is a hash of mappings, which is not passed on. */
export const isMetaRecord = (key: Buffer): boolean => key.subarray(0, PREFIX.length).equals(PREFIX);

/** The fields of a hash as texts; none for other values. */
export function textFields(value: Value | undefined): ReadonlyMap<string, string> {
  if (value?.type !== 'hash') return new Map();
  return new Map(value.fields.map(([name, content]) => [name.toString(), content.toString()]));
}
