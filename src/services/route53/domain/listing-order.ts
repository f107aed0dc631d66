// The order of Route 53's lists, as strings that sort that way: by the labels of the name from last to first, then by
// type and set identifier, or by zone id. Pure.

import { reversedName } from './names.ts';

/** A position in the list of a zone's record sets. */
export interface SetPlace {
  /** Normalized by `readName`. */
  name: string;
  type?: string | undefined;
  setIdentifier?: string | undefined;
}

/** The sort key of a record set. A space sorts below all characters of names and types. */
export const placeKey = ({ name, type = '', setIdentifier = '' }: SetPlace): string =>
  `${reversedName(name)} ${type} ${setIdentifier}`;

/** The sort key of a zone. */
export const zoneKey = ({ name, id }: { name: string; id: string }): string => `${reversedName(name)} ${id}`;
