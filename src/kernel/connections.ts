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

/** One for each connection for as long as it lives, changed in place: see `Connection` in http-server.ts. */
interface Place {
  state: ConnectionState;
  since: number;
}

export class Connections {
  readonly #most: number;
  readonly #isWaitingForClient: (socket: Socket) => boolean;
  readonly #places = new Map<Socket, Place>();
  /** How many were dropped for others, or not let in. */
  dropped = 0;

  /** `isWaitingForClient`: of a busy connection, whether it is the client that has to go on, by sending or by reading. */
  constructor(most: number, isWaitingForClient: (socket: Socket) => boolean) {
    this.#most = most;
    this.#isWaitingForClient = isWaitingForClient;
  }

  /** False when it was not let in, and is closed: all others are being served. */
  add(socket: Socket): boolean {
    if (this.#places.size >= this.#most) {
      this.dropped++;
      const victim = this.#longestWaited();
      if (!victim) {
        socket.destroy();
        return false;
      }
      this.#places.delete(victim);
      victim.destroy();
    }
    this.#places.set(socket, { state: 'fresh', since: performance.now() });
    socket.once('close', () => this.#places.delete(socket));
    return true;
  }

  /** A no-op for one that is closed. */
  set(socket: Socket, state: ConnectionState): void {
    const place = this.#places.get(socket);
    if (!place) return;
    place.state = state;
    place.since = performance.now();
  }

  destroyAll(): void {
    for (const socket of this.#places.keys()) socket.destroy();
  }

  /** Silent ones before those that are kept open for more, and those before what has just come. */
  #longestWaited(): Socket | undefined {
    const fresh = this.#longestIn('fresh');
    if (fresh && performance.now() - this.#places.get(fresh)!.since > SILENT_MS) return fresh;
    return this.#longestIn('idle') ?? fresh ?? this.#longestIn('busy', this.#isWaitingForClient);
  }

  #longestIn(state: ConnectionState, mayGo: (socket: Socket) => boolean = () => true): Socket | undefined {
    let longest: Socket | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [socket, place] of this.#places) {
      if (place.state !== state || place.since >= least || !mayGo(socket)) continue;
      longest = socket;
      least = place.since;
    }
    return longest;
  }
}
