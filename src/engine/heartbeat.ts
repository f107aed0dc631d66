// One bare connection to an engine, on which it is asked again and again whether it lives. Any reply at all is a sign of
// life, and none waits in the queue behind Millpond's own commands. When it closes, the engine has probably ended: this
// is the first to know. What the signs mean is for health.ts and the driver.

import type { Socket } from 'node:net';
import type { Access, OpenChannel } from './access.ts';
import type { SignEvents, Signs } from './driver.ts';

const FIRST_RETRY_MS = 2;
const LAST_RETRY_MS = 100;
const RETRY_GROWTH = 1.25;
/** While the engine loads its data it is asked again this soon. */
const LOADING_PAUSE_MS = 10;
const MAX_REPLY_BYTES = 1_024;
/** That no module is loaded, as a healthy engine says to MODULE LIST. */
const NO_MODULES = '*0\r\n';
/** What has come is read at once, so all connections share it. */
const ARRIVED = Buffer.alloc(MAX_REPLY_BYTES);

/** No engine knows it, and an engine refuses what it does not know even while CLIENT PAUSE holds all commands back. */
const UNKNOWN_COMMAND = 'MILLPOND.TURN\r\n';

export interface PulseEvents extends SignEvents {
  /** The connection closed or could not be made; another try follows unless `stop` is called. */
  onDrop(): void;
}

export class Pulse implements Signs {
  readonly #open: OpenChannel;
  readonly #events: PulseEvents;
  readonly #greeting: string;
  readonly #question: Buffer;
  #socket: Socket | undefined;
  #turnSocket: Socket | undefined;
  #reply = '';
  /** The reply to the greeting has not come yet. */
  #greeted = false;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #stopped = false;
  #waits = false;

  /**
   * A PING would stand in the output of everybody's MONITOR; MODULE LIST, which clients are denied, does not, and is
   * refused as PING is while the engine loads its data.
   */
  constructor(open: OpenChannel, { username, password, names }: Access, events: PulseEvents) {
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
    // Whatever it says, be it that it has too many clients, its loop has turned to say it.
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
    // An engine with too many clients says so and hangs up: alive, but not to be asked again and again.
    if (!this.#reply.startsWith('-ERR')) this.#retryMs = FIRST_RETRY_MS;
    this.#reply = this.#reply.slice(end + 1);
    this.#answered(loading ? 'loading' : 'ready');
    if (loading && !this.#stopped) this.#after(LOADING_PAUSE_MS, () => this.ask());
  }

  #answered(answer: 'ready' | 'loading'): void {
    this.#waits = false;
    this.#events.onAnswer(answer);
  }

  /** False until the reply to the greeting is whole. A refusal of the connection stands in the place of all replies. */
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
