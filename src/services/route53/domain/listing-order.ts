// The order in which Route 53 lists record sets: by the labels of the name from the last to the first, then by type and
// set identifier. As texts that sort so.

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
