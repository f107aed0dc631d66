// The product's own admin connection, to an engine of the tests.

import type { Admin } from '../../admin.ts';
import { createAdminConnection, openPort } from '../../admin-connection.ts';

export const CREDENTIALS = { user: 'millpond', password: 'a-secret-of-the-tests' };
export const RENAMED_MIGRATE = 'MIGRATE-5f2c9a';

export type TestAdmin = Admin & { close(): void };

/** `plainNames`: the engine knows MIGRATE by its usual name. */
export function connectTestAdmin(address: string, port: number, plainNames = false): TestAdmin {
  let closed = false;
  const target = {
    open: openPort(address, port),
    username: CREDENTIALS.user,
    password: CREDENTIALS.password,
    names: new Map(plainNames ? [] : [['migrate', RENAMED_MIGRATE]]),
  };
  const connection = createAdminConnection(address, () => (closed ? undefined : target));
  return {
    ...connection,
    close() {
      closed = true;
      connection.disconnect();
    },
  };
}
