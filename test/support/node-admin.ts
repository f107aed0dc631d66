// Millpond's own connection to a node of a Millpond under test, for what no client may do: by the node's socket, with the
// password that follows from the secret of the data directory.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { AdminConnection } from '../../src/engine/admin.ts';
import { createAdminConnection } from '../../src/engine/admin-connection.ts';
import { ADMIN_USER, adminPassword, secretNames } from '../../src/engine/withheld.ts';

/** To be disconnected by the caller. The node is of the usual account and region. */
export function nodeAdmin(dataDir: string, memberId: string): AdminConnection {
  const secret = readFileSync(join(dataDir, 'secret'), 'utf8').trim();
  const path = join(dataDir, 'nodes/us-east-1/000000000000', memberId, 'engine.sock');
  return createAdminConnection(memberId, () => ({
    ...{ username: ADMIN_USER, password: adminPassword(secret), names: secretNames(secret) },
    open: () => connect({ path }),
  }));
}
