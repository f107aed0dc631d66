// A bound on the open connections of one server. When it is full, a new connection replaces the one that has been
// waiting for its client longest, so silent clients cannot lock others out. Knows no protocol.

import type { Socket } from 'node:net';

/** `fresh`: no request yet. `idle`: every request is answered. `busy`: a request is being received or answered. */
export type ConnectionState = 'fresh' | 'idle' | 'busy';

/** A client that has sent nothing for this long after connecting counts as silent. */
const SILENT_MS = 1_000;

/** One object per connection, changed in place: see `Connection` in http-server.ts. */
interface Place {
  state: ConnectionState;
  since: number;
}

/** Tracks the open sockets of a server and destroys one when the limit is reached. */
export class Connections {
  readonly #most: number;
  readonly #isWaitingForClient: (socket: Socket) => boolean;
  readonly #places = new Map<Socket, Place>();
  /** How many connections were closed for others, or refused. */
  dropped = 0;

  /**
   * `isWaitingForClient` tells, for a busy connection, whether the client must send or read before the server can
   * continue.
   */
  constructor(most: number, isWaitingForClient: (socket: Socket) => boolean) {
    this.#most = most;
    this.#isWaitingForClient = isWaitingForClient;
  }

  /** Returns false, and destroys the socket, when the server is full and no connection can be replaced. */
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

  /** Does nothing when the socket is closed. */
  set(socket: Socket, state: ConnectionState): void {
    const place = this.#places.get(socket);
    if (!place) return;
    place.state = state;
    place.since = performance.now();
  }

  /** Destroys every open socket. */
  destroyAll(): void {
    for (const socket of this.#places.keys()) socket.destroy();
  }

  /**
   * The connection to close: a silent one first, then an idle one, then a fresh one, then a busy one that waits for its
   * client.
   */
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
