// A connection to one engine that is used for liveness probes only. Every reply is a sign of life, and none waits in
// the queue behind Millpond's other commands. When it closes, the engine has probably ended, and this notices it
// first. health.ts and the driver interpret the events.

import type { Socket } from 'node:net';
import type { Access, OpenChannel } from './access.ts';
import type { LivenessProbe, ProbeEvents } from './driver.ts';

const FIRST_RETRY_MS = 2;
const LAST_RETRY_MS = 100;
const RETRY_GROWTH = 1.25;
/** The interval between probes while the engine loads its data. */
const LOADING_PAUSE_MS = 10;
const MAX_REPLY_BYTES = 1_024;
/** The reply of a healthy engine to MODULE LIST: no module is loaded. */
const NO_MODULES = '*0\r\n';
/** Incoming bytes are read at once, so all connections share this buffer. */
const ARRIVED = Buffer.alloc(MAX_REPLY_BYTES);

/** An unknown command: an engine rejects it even while CLIENT PAUSE holds all commands back. */
const UNKNOWN_COMMAND = 'MILLPOND.TURN\r\n';

/** The probe's events, and the loss of its connection. */
export interface HeartbeatEvents extends ProbeEvents {
  /** The connection closed or could not be made; a retry follows unless `stop` is called. */
  onDrop(): void;
}

/** Connects at once and reconnects with backoff until `stop`. */
export class Heartbeat implements LivenessProbe {
  readonly #open: OpenChannel;
  readonly #events: HeartbeatEvents;
  readonly #greeting: string;
  readonly #question: Buffer;
  #socket: Socket | undefined;
  #turnSocket: Socket | undefined;
  #reply = '';
  /** The reply to AUTH has arrived. */
  #greeted = false;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #stopped = false;
  #waits = false;

  /**
   * Probes with MODULE LIST, because PING would appear in every MONITOR. Clients may not call MODULE; the engine
   * answers it like PING, also with LOADING while it loads its data.
   */
  constructor(open: OpenChannel, { username, password, names }: Access, events: HeartbeatEvents) {
    this.#open = open;
    this.#events = events;
    this.#greeting = `${names.get('auth') ?? 'AUTH'} ${username} ${password}\r\n`;
    this.#question = Buffer.from(`${names.get('module') ?? 'MODULE'} LIST\r\n`);
    this.#connect();
  }

  ask(): void {
    if (this.#waits || this.#socket?.readyState !== 'open') return;
    this.#waits = true;
    this.#socket.write(this.#question);
  }

  askForTurn(): void {
    if (this.#turnSocket || this.#stopped) return;
    const socket = this.#open();
    this.#turnSocket = socket;
    // Any reply, even "too many clients", proves that the event loop turned.
    socket.once('data', () => {
      socket.destroy();
      if (!this.#stopped) this.#events.onTurn();
    });
    socket.on('error', () => {}); // `close` follows.
    socket.on('close', () => {
      this.#turnSocket = undefined;
    });
    socket.write(UNKNOWN_COMMAND);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
    this.#turnSocket?.destroy();
  }

  #connect(): void {
    const socket = this.#open({
      buffer: ARRIVED,
      callback: (length) => {
        this.#take(ARRIVED.toString('latin1', 0, length));
        return true;
      },
    });
    this.#socket = socket;
    this.#reply = '';
    this.#greeted = false;
    socket.on('connect', () => {
      this.#events.onAccept();
      if (this.#stopped) return;
      socket.write(this.#greeting);
      this.ask();
    });
    socket.on('error', () => {}); // `close` follows.
    socket.on('close', () => this.#closed());
  }

  #take(text: string): void {
    if (text === NO_MODULES && this.#greeted && this.#reply === '') {
      this.#retryMs = FIRST_RETRY_MS;
      this.#answered('ready');
      return;
    }
    this.#reply = (this.#reply + text).slice(0, MAX_REPLY_BYTES);
    if (!this.#greeted && !this.#takeGreeting()) return;
    const end = this.#reply.lastIndexOf('\n');
    if (end < 0) return;
    const loading = this.#reply.startsWith('-LOADING');
    // An engine with too many clients says so and closes the connection: it is alive, but retries must back off.
    if (!this.#reply.startsWith('-ERR')) this.#retryMs = FIRST_RETRY_MS;
    this.#reply = this.#reply.slice(end + 1);
    this.#answered(loading ? 'loading' : 'ready');
    if (loading && !this.#stopped) this.#after(LOADING_PAUSE_MS, () => this.ask());
  }

  #answered(answer: 'ready' | 'loading'): void {
    this.#waits = false;
    this.#events.onAnswer(answer);
  }

  /**
   * False until the reply to AUTH is complete. If the engine refuses the connection, its refusal replaces all
   * replies.
   */
  #takeGreeting(): boolean {
    const end = this.#reply.indexOf('\n');
    if (end < 0) return false;
    this.#greeted = true;
    if (!this.#reply.startsWith('-ERR max number of clients')) this.#reply = this.#reply.slice(end + 1);
    return true;
  }

  #closed(): void {
    if (this.#stopped) return;
    this.#waits = false;
    this.#events.onDrop();
    if (this.#stopped) return;
    this.#after(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(this.#retryMs * RETRY_GROWTH, LAST_RETRY_MS);
  }

  #after(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }
}
