// Which users of this host the users of instances are.

import { join } from 'node:path';
import { type Identities, ONE_USER, rangeOfRoot, subordinates } from '../containers/identities.ts';

/** The ids of a distribution's own users begin below; those of people are at and above. */
export const FIRST_PERSON = 1000;

/** The users of instances, by what their root begins with. */
export interface InstanceUsers {
  kind: 'root' | 'range' | 'one';
  ofHost: Identities;
  ofImages: Identities;
}

/**
 * In the order in which they are to be tried. `hasNetwork`: in the user namespace that owns the interfaces of a plain user
 * there is only that user.
 */
export function instanceUsers(directory: string, hasNetwork: boolean): InstanceUsers[] {
  const one: InstanceUsers = { kind: 'one', ofHost: ONE_USER, ofImages: ONE_USER };
  const range = rangeOfRoot(join(directory, 'ids.json'));
  if (range) return [{ kind: 'root', ofHost: overHost(range), ofImages: range }, one];
  const ids = hasNetwork ? undefined : subordinates();
  return ids ? [{ kind: 'range', ofHost: ids, ofImages: ids }, one] : [one];
}

/**
 * The files of this host that lie below belong to root and the distribution's users. These are the same inside, without a
 * capability outside; people are others.
 */
function overHost({ firstId = 0, count, unshare }: Identities): Identities {
  return {
    ...{ kind: 'range', count, unshare },
    map: [
      { inside: 0, outside: 0, count: FIRST_PERSON },
      { inside: FIRST_PERSON, outside: firstId + FIRST_PERSON, count: count - FIRST_PERSON },
    ],
  };
}
