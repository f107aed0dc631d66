// Millpond's admin connection to a node, for what no client may do: over the node's socket, with the password derived
// from the secret of the data directory.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { AdminConnection } from '../../src/engine/admin.ts';
import { createAdminConnection } from '../../src/engine/admin-connection.ts';
import { ADMIN_USER, adminPassword, secretNames } from '../../src/engine/withheld.ts';

/** Opens a connection, which the caller closes. The node belongs to the default account and region. */
export function nodeAdmin(dataDir: string, memberId: string): AdminConnection {
  const secret = readFileSync(join(dataDir, 'secret'), 'utf8').trim();
  const path = join(dataDir, 'nodes/us-east-1/000000000000', memberId, 'engine.sock');
  return createAdminConnection(memberId, () => ({
    ...{ username: ADMIN_USER, password: adminPassword(secret), names: secretNames(secret) },
    open: () => connect({ path }),
  }));
}
