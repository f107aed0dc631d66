// Checks whether a process of this host can listen on an address.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { OperationalError, systemCode } from '../kernel/errors.ts';

/** As `Network.assertFree`, where this process itself is in the network. */
export async function assertFree(address: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host: address, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    throw listenFailure(address, port, error);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function listenFailure(address: string, port: number, error: unknown): OperationalError {
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new OperationalError(
        'AddressInUse',
        `Another process listens on ${address}:${port} already.`,
        error,
      );
    case 'EACCES':
      return new OperationalError('AddressUnavailable', `Port ${port} needs privileges to listen on.`, error);
    default:
      return new OperationalError(
        'AddressUnavailable',
        `This machine cannot listen on ${address}:${port}.`,
        error,
      );
  }
}
