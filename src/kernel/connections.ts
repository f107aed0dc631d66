// The connections of one server, bounded: one more is let in at the expense of the one that has kept it waiting longest,
// so that silent clients shut nobody out. Knows no protocol.

import type { Socket } from 'node:net';

/**
 * `fresh`: nothing was asked yet. `idle`: everything that was asked is answered. `busy`: something is asked or answered
 * right now.
 */
export type ConnectionState = 'fresh' | 'idle' | 'busy';

/** Clients that connect have something to ask, and send it sooner than this. */
const SILENT_MS = 1_000;

export class Connections {
  readonly #most: number;
  readonly #isWaitingForClient: (socket: Socket) => boolean;
  /** In each, since when; those first that have been in this state longest. */
  readonly #sockets: Record<ConnectionState, Map<Socket, number>> = {
    fresh: new Map(),
    idle: new Map(),
    busy: new Map(),
  };
  /** How many were dropped for others, or not let in. */
  dropped = 0;

  /** `isWaitingForClient`: of a busy connection, whether it is the client that has to go on, by sending or by reading. */
  constructor(most: number, isWaitingForClient: (socket: Socket) => boolean) {
    this.#most = most;
    this.#isWaitingForClient = isWaitingForClient;
  }

  /** False when it was not let in, and is closed: all others are being served. */
  add(socket: Socket): boolean {
    if (this.#count() >= this.#most) {
      this.dropped++;
      const victim = this.#longestWaited();
      if (!victim) {
        socket.destroy();
        return false;
      }
      this.#forget(victim);
      victim.destroy();
    }
    this.#sockets.fresh.set(socket, performance.now());
    socket.once('close', () => this.#forget(socket));
    return true;
  }

  /** A no-op for one that is closed. */
  set(socket: Socket, state: ConnectionState): void {
    if (socket.destroyed) return;
    this.#forget(socket);
    this.#sockets[state].set(socket, performance.now());
  }

  destroyAll(): void {
    for (const sockets of Object.values(this.#sockets)) for (const socket of sockets.keys()) socket.destroy();
  }

  #count(): number {
    const { fresh, idle, busy } = this.#sockets;
    return fresh.size + idle.size + busy.size;
  }

  #forget(socket: Socket): void {
    for (const sockets of Object.values(this.#sockets)) sockets.delete(socket);
  }

  /** Silent ones before those that are kept open for more, and those before what has just come. */
  #longestWaited(): Socket | undefined {
    const { fresh, idle, busy } = this.#sockets;
    const [newcomer, since = 0] = fresh.entries().next().value ?? [];
    if (newcomer && performance.now() - since > SILENT_MS) return newcomer;
    const [kept = newcomer] = idle.keys();
    if (kept) return kept;
    for (const socket of busy.keys()) if (this.#isWaitingForClient(socket)) return socket;
    return undefined;
  }
}
