// Finds the user at the other end of a loopback connection.

import { type Ends, rowOfPeer } from '../peer-row.ts';

/** The user id; `undefined` where the system does not tell, `nobody` for an unknown connection. IPv4 only. */
export async function userOfPeer(socket: Ends): Promise<number | 'nobody' | undefined> {
  const row = await rowOfPeer(socket);
  if (row === 'unreadable') return undefined;
  return row === 'unknown' ? 'nobody' : row.user;
}
