// The agent's side of a data channel: the handshake, then what is typed and what is printed, in numbered messages that
// the other side acknowledges. It outlives its connection: after ResumeSession another one goes on where it was.

import { randomUUID } from 'node:crypto';
import {
  type AgentMessage,
  acknowledgedSequence,
  acknowledgement,
  decodeMessage,
  encodeMessage,
  FLAG_TERMINATE,
  PAYLOAD,
  sizeOf,
} from './agent-message.ts';

/** The connection of a channel: a web socket. */
export interface Connection {
  send(bytes: Buffer): void;
  close(): void;
}

/** What a channel does with what it gets. */
export interface ChannelHandlers {
  /** The handshake is over. Called once. */
  ready(): void;
  typed(bytes: Buffer): void;
  resized(size: { columns: number; rows: number }): void;
  /** The other side ends the session. */
  terminated(): void;
  /** Output may be written again. */
  drained(): void;
}

/** AWS: the version of an agent that every plugin knows. */
const AGENT_VERSION = '3.3.2299.0';
/** AWS: an agent's payloads have at most 1024 bytes. */
const LARGEST_PAYLOAD = 1024;
/** Messages that were not acknowledged, beyond which no output is taken. */
const MOST_UNACKNOWLEDGED = 256;
/** When the oldest message is sent again; the plugin drops those that come before it is ready. */
const RESEND_MS = 400;

/** One channel. Messages that are malformed or have a wrong digest are ignored, as the plugin does. */
export class DataChannel {
  readonly #sessionId: string;
  readonly #handlers: ChannelHandlers;
  readonly #now: () => number;
  #connection: Connection | undefined;
  #expected = 0;
  #next = 0;
  readonly #unacknowledged = new Map<number, Buffer>();
  #timer: NodeJS.Timeout | undefined;
  #isReady = false;
  #isPaused = false;
  #whenAcknowledged: (() => void) | undefined;

  constructor(sessionId: string, sessionType: string, handlers: ChannelHandlers, now: () => number) {
    this.#sessionId = sessionId;
    this.#handlers = handlers;
    this.#now = now;
    this.#sendJson(PAYLOAD.handshakeRequest, {
      AgentVersion: AGENT_VERSION,
      RequestedClientActions: [
        { ActionType: 'SessionType', ActionParameters: { SessionType: sessionType, Properties: null } },
      ],
    });
  }

  /** Whether there is room for output; else `drained` is called when there is. */
  get hasRoom(): boolean {
    return this.#unacknowledged.size < MOST_UNACKNOWLEDGED;
  }

  /** Goes on with this connection; an earlier one is closed. What was not acknowledged is sent again. */
  attach(connection: Connection): void {
    this.#connection?.close();
    this.#connection = connection;
    for (const bytes of this.#unacknowledged.values()) connection.send(bytes);
    this.#schedule();
  }

  /** The connection is gone. */
  detach(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    clearTimeout(this.#timer);
  }

  receive(bytes: Buffer): void {
    const message = decodeMessage(bytes);
    if (message?.type === 'acknowledge') this.#acknowledged(message);
    else if (message?.type === 'input_stream_data') this.#input(message);
  }

  /** Sends what was printed. */
  write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += LARGEST_PAYLOAD) {
      this.#sendData(PAYLOAD.output, bytes.subarray(at, at + LARGEST_PAYLOAD));
    }
    if (!this.hasRoom) this.#isPaused = true;
  }

  /** Resolves when all output was acknowledged, or nobody is there to do so. */
  flushed(): Promise<void> {
    if (this.#unacknowledged.size === 0 || !this.#connection) return Promise.resolve();
    return new Promise((resolve) => (this.#whenAcknowledged = resolve));
  }

  /** Says that the session is over, and closes the connection. `reason` is shown; empty: none. */
  close(reason: string): void {
    clearTimeout(this.#timer);
    const id = randomUUID();
    const content = {
      ...{ MessageId: id, CreatedDate: new Date(this.#now()).toISOString(), DestinationId: '' },
      ...{ SessionId: this.#sessionId, MessageType: 'channel_closed', SchemaVersion: 1, Output: reason },
    };
    this.#sendPlain({ type: 'channel_closed', id, payload: Buffer.from(JSON.stringify(content)) });
    this.#connection?.close();
    this.#connection = undefined;
    this.#unacknowledged.clear();
  }

  #input(message: AgentMessage): void {
    // What is ahead is not acknowledged, so it comes again.
    if (message.sequence > this.#expected) return;
    this.#sendPlain({ type: 'acknowledge', id: randomUUID(), flags: 3, payload: acknowledgement(message) });
    if (message.sequence < this.#expected) return;
    this.#expected += 1;
    switch (message.payloadType) {
      case PAYLOAD.handshakeResponse:
        this.#handshaken();
        break;
      case PAYLOAD.output:
        if (this.#isReady) this.#handlers.typed(message.payload);
        break;
      case PAYLOAD.size: {
        const size = sizeOf(message);
        if (size) this.#handlers.resized(size);
        break;
      }
      case PAYLOAD.flag:
        if (message.payload.length === 4 && message.payload.readUInt32BE(0) === FLAG_TERMINATE) {
          this.#handlers.terminated();
        }
        break;
    }
  }

  #handshaken(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#sendJson(PAYLOAD.handshakeComplete, { HandshakeTimeToComplete: 0, CustomerMessage: '' });
    this.#handlers.ready();
  }

  #acknowledged(message: AgentMessage): void {
    const sequence = acknowledgedSequence(message);
    if (sequence === undefined || !this.#unacknowledged.delete(sequence)) return;
    this.#schedule();
    if (this.#unacknowledged.size === 0) this.#whenAcknowledged?.();
    if (this.#isPaused && this.#unacknowledged.size < MOST_UNACKNOWLEDGED / 2) {
      this.#isPaused = false;
      this.#handlers.drained();
    }
  }

  /** Sends the oldest message again when it is not acknowledged. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#connection || this.#unacknowledged.size === 0) return;
    this.#timer = setTimeout(() => {
      const [oldest] = this.#unacknowledged.values();
      if (oldest) this.#connection?.send(oldest);
      this.#schedule();
    }, RESEND_MS).unref();
  }

  #sendJson(payloadType: number, content: object): void {
    this.#sendData(payloadType, Buffer.from(JSON.stringify(content)));
  }

  #sendData(payloadType: number, payload: Buffer): void {
    const sequence = this.#next++;
    const message = { type: 'output_stream_data', sequence, flags: sequence === 0 ? 1 : 0 };
    const bytes = encodeMessage({ ...message, id: randomUUID(), payloadType, payload }, this.#now());
    this.#unacknowledged.set(sequence, bytes);
    this.#connection?.send(bytes);
    if (this.#unacknowledged.size === 1) this.#schedule();
  }

  #sendPlain(message: Pick<AgentMessage, 'type' | 'id' | 'payload'> & { flags?: number }): void {
    this.#connection?.send(encodeMessage({ sequence: 0, flags: 0, payloadType: 0, ...message }, this.#now()));
  }
}
