// A session of Session Manager: a program on a terminal in an instance, and the channel to whoever started it.

import { type Connection, DataChannel } from './data-channel.ts';
import type { Terminal } from './terminal.ts';

/** How long a session waits for its other side. AWS: the default of the idle timeout. */
const WAITS_MS = 20 * 60_000;
/** How long the end of the output may take to be acknowledged. */
const FLUSH_MS = 5_000;

/** What a session is, as DescribeSessions shows it. */
export interface SessionFacts {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly target: string;
  readonly owner: string;
  readonly document: string | undefined;
  readonly reason: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** A session. It ends with its program, with its instance, or when it is terminated. */
export class Session {
  readonly facts: SessionFacts;
  /** When it ended; `undefined` while it lasts. */
  endedAt: number | undefined;
  /** What the other side has to show to be let in. */
  token = '';
  readonly #open: () => Terminal;
  readonly #now: () => number;
  readonly #channel: DataChannel;
  #terminal: Terminal | undefined;
  #size: { columns: number; rows: number } | undefined;
  #waiting: NodeJS.Timeout | undefined;

  /** `type`: the session type of the document. `open` starts its program; called once the other side is there. */
  constructor(facts: SessionFacts, type: string, open: () => Terminal, now: () => number) {
    this.facts = facts;
    this.#open = open;
    this.#now = now;
    this.#channel = new DataChannel(
      facts.id,
      type,
      {
        ready: () => this.#start(),
        typed: (bytes) => this.#typed(bytes),
        resized: (size) => {
          this.#size = size;
          this.#terminal?.resize(size);
        },
        terminated: () => this.end(''),
        drained: () => this.#terminal?.output.resume(),
      },
      now,
    );
    this.#wait();
  }

  attach(connection: Connection): void {
    clearTimeout(this.#waiting);
    this.#channel.attach(connection);
  }

  detach(connection: Connection): void {
    this.#channel.detach(connection);
    if (this.endedAt === undefined) this.#wait();
  }

  receive(bytes: Buffer): void {
    if (this.endedAt === undefined) this.#channel.receive(bytes);
  }

  /** Ends it now. `reason` is shown to the other side; empty: none. */
  end(reason: string): void {
    if (this.endedAt !== undefined) return;
    this.endedAt = this.#now();
    clearTimeout(this.#waiting);
    this.#terminal?.hangUp();
    this.#channel.close(reason);
  }

  #wait(): void {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.end('Session timed out due to inactivity'), WAITS_MS).unref();
  }

  #start(): void {
    const terminal = this.#open();
    this.#terminal = terminal;
    if (this.#size) terminal.resize(this.#size);
    terminal.output.on('data', (bytes: Buffer) => {
      if (this.endedAt !== undefined) return;
      this.#channel.write(bytes);
      if (!this.#channel.hasRoom) terminal.output.pause();
    });
    void terminal.ended.then(async () => {
      const limit = new Promise((resolve) => setTimeout(resolve, FLUSH_MS).unref());
      await Promise.race([this.#channel.flushed(), limit]);
      this.end('');
    });
  }

  /** What is typed while the program does not read is kept: it is bounded, because only typing has no answer. */
  #typed(bytes: Buffer): void {
    const input = this.#terminal?.input;
    if (!input?.writable) return;
    if (input.writableLength > MOST_TYPED) this.end('The program does not read what is sent to it.');
    else input.write(bytes);
  }
}

const MOST_TYPED = 16 * 1024 * 1024;
