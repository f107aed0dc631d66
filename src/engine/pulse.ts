// One bare socket to an engine, for PING alone. Any reply at all is a sign of life, so it needs no password and
// no place in the queue behind Millpond's own commands. When it closes, the process has probably ended: this is
// the first to know. What the signs mean is for health.ts and engine-process.ts.

import { connect, type Socket } from 'node:net';

const FIRST_RETRY_MS = 2;
const LAST_RETRY_MS = 100;
const RETRY_GROWTH = 1.25;
/** While the engine loads its data it is asked again this soon. */
const LOADING_PAUSE_MS = 10;
const MAX_REPLY_BYTES = 1_024;

export interface PulseEvents {
  /** The engine accepted the connection. */
  onConnect(): void;
  onAnswer(answer: 'ready' | 'loading'): void;
  /** The connection closed or could not be made; another try follows unless `stop` is called. */
  onDrop(): void;
}

export class Pulse {
  readonly #address: string;
  readonly #port: number;
  readonly #events: PulseEvents;
  #socket: Socket | undefined;
  #reply = '';
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #stopped = false;
  /** When the PING was sent that has not been answered yet, by `performance.now()`. */
  waitingSince: number | undefined;
  /** When the last PING was sent. */
  sentAt = 0;

  constructor(address: string, port: number, events: PulseEvents) {
    this.#address = address;
    this.#port = port;
    this.#events = events;
    this.#open();
  }

  /** Sends a PING unless one is waiting for its answer. */
  ping(): void {
    if (this.waitingSince !== undefined || this.#socket?.readyState !== 'open') return;
    this.sentAt = this.waitingSince = performance.now();
    this.#socket.write('PING\r\n');
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #open(): void {
    const socket = connect({ host: this.#address, port: this.#port, noDelay: true });
    this.#socket = socket;
    this.#reply = '';
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      this.#events.onConnect();
      if (!this.#stopped) this.ping();
    });
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', () => {}); // `close` follows.
    socket.on('close', () => this.#closed());
  }

  #take(text: string): void {
    this.#reply = (this.#reply + text).slice(0, MAX_REPLY_BYTES);
    const end = this.#reply.lastIndexOf('\n');
    if (end < 0) return;
    const loading = this.#reply.startsWith('-LOADING');
    // An engine with too many clients says so and hangs up: alive, but not to be asked again and again.
    if (!this.#reply.startsWith('-ERR')) this.#retryMs = FIRST_RETRY_MS;
    this.#reply = this.#reply.slice(end + 1);
    this.waitingSince = undefined;
    this.#events.onAnswer(loading ? 'loading' : 'ready');
    if (loading && !this.#stopped) this.#after(LOADING_PAUSE_MS, () => this.ping());
  }

  #closed(): void {
    if (this.#stopped) return;
    this.waitingSince = undefined;
    this.#events.onDrop();
    if (this.#stopped) return;
    this.#after(this.#retryMs, () => this.#open());
    this.#retryMs = Math.min(this.#retryMs * RETRY_GROWTH, LAST_RETRY_MS);
  }

  #after(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }
}
