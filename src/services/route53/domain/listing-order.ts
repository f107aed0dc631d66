// The order in which Route 53 lists record sets, and zones by name: by the labels of the name from the last to the first,
// then by type and set identifier, or by id. As texts that sort so.

import { reversedName } from './names.ts';

export interface SetPlace {
  /** As `readName` spells it. */
  name: string;
  type?: string | undefined;
  setIdentifier?: string | undefined;
}

/** A space sorts below everything that names and types are made of. */
export const placeKey = ({ name, type = '', setIdentifier = '' }: SetPlace): string =>
  `${reversedName(name)} ${type} ${setIdentifier}`;

export const zoneKey = ({ name, id }: { name: string; id: string }): string => `${reversedName(name)} ${id}`;
