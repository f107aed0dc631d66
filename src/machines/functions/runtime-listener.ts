// Where the processes of functions reach the Runtime API, and how a connection is known to belong to an environment:
// on loopback each environment has a server of its own, which admits one user; in a network with interfaces all
// environments share one server, and the address of the sender tells them apart.

import { randomInt } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { listen } from '../../kernel/http-server.ts';
import { userOfPeer } from './peer-user.ts';

/** Opens the endpoint of one environment. */
export type RuntimeListener = (take: Taker, peer: RuntimePeer) => Promise<RuntimeEndpoint>;

/** Gets a connection. It belongs to the environment if `isAdmitted` is absent or resolves to true; it is paused then. */
export type Taker = (socket: Socket, isAdmitted?: () => Promise<boolean>) => void;

/** What is known of an environment's processes. */
export interface RuntimePeer {
  /** The address of the environment's network interface. */
  address?: string | undefined;
}

/** Where one environment reaches its Runtime API. */
export interface RuntimeEndpoint {
  host: string;
  port: number;
  /**
   * From now on, takes connections of processes of this user; of nobody before. Where the environment has an address of
   * its own, or the system does not tell the user of a connection, takes all.
   */
  admit(user: number): void;
  close(): void;
}

/** Functions share the host's loopback addresses and can find each other's ports. */
export const listenOnLoopback: RuntimeListener = async (take) => {
  let admitted: number | undefined;
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) =>
    take(socket, () => isAdmitted(socket)),
  );
  server.on('error', () => {});
  // 127.1.0.0/16 has no cache nodes. Only Linux has these addresses without configuration.
  const own = process.platform === 'linux' ? `127.1.${randomInt(256)}.${randomInt(1, 255)}` : '127.0.0.1';
  await listen(server, 0, own);
  const { address: host, port } = server.address() as AddressInfo;

  async function isAdmitted(socket: Socket): Promise<boolean> {
    if (process.platform !== 'linux') return true;
    const user = await userOfPeer(socket);
    return !socket.destroyed && (user === undefined || user === admitted);
  }

  return {
    ...{ host, port },
    admit(user) {
      admitted = user;
    },
    close: () => server.close(),
  };
};

/**
 * A server that listens already, for environments with network interfaces. Only the processes behind an interface can
 * send from its address: the network drops other packets with it, and they have no right to change it.
 */
export function shareServer(server: Server): RuntimeListener {
  const takers = new Map<string, Taker>();
  const { address: host, port } = server.address() as AddressInfo;
  server.on('connection', (socket) => {
    const take = takers.get(socket.remoteAddress ?? '');
    if (!take) return void socket.destroy();
    socket.setNoDelay(true);
    take(socket);
  });
  return async (take, { address }) => {
    if (address === undefined) throw new Error('an environment has no address');
    takers.set(address, take);
    return {
      ...{ host, port, admit: () => {} },
      close() {
        // The address may be another environment's by now.
        if (takers.get(address) === take) takers.delete(address);
      },
    };
  };
}
