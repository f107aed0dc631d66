// One connection to a node as a replica of it: the handshake, the dump of a full resynchronization, then the stream, all
// of which go into the spool as they come. It acknowledges offset 0 and nothing else, so that WAIT never counts it.

import { connect, type Socket } from 'node:net';
import { LinkReader } from '../engine-format/link-reader.ts';
import type { FollowedNode } from '../feeds.ts';
import { CONNECTION_NAME } from './node-client.ts';
import type { Spool } from './spool.ts';

const ACKNOWLEDGE_EVERY_MS = 1_000;
/** A node sends something at least every `repl-ping-replica-period`, 10 s; while it writes a dump, line ends. */
const SILENT_FOR_MS = 60_000;
const CONNECT_TIMEOUT_MS = 2_000;

/** What a link tells. */
export interface LinkEvents {
  /** The stream of this node joins the spool now. */
  onFollowing(): void;
  /** Bytes were appended to the spool, or a dump is complete. */
  onReceived(): void;
  /** Whether the spool has room; the socket is read only then. */
  hasRoom(): boolean;
}

/** A link. It ends by itself when the node closes it, or when it says what makes no sense. */
export class Link {
  readonly nodeId: string;
  /** Resolves with the reason when the link has ended. Never rejects. */
  readonly ended: Promise<string>;
  readonly #socket: Socket;
  readonly #spool: Spool;
  readonly #events: LinkEvents;
  readonly #end: (why: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #reader: LinkReader | undefined = new LinkReader();
  #isPaused = false;
  #isOver = false;
  /** Answers to what comes before PSYNC, which an engine refuses while it has an answer to send. */
  #answersMissing: number;
  readonly #psync: Buffer;
  readonly #acknowledgement: Buffer;
  #full: { id: string; offset: number } | undefined;

  /** @param from Where the stream goes on; absent: a full resynchronization. */
  constructor(
    node: FollowedNode,
    from: { id: string; end: number } | undefined,
    spool: Spool,
    events: LinkEvents,
  ) {
    this.nodeId = node.id;
    this.#spool = spool;
    this.#events = events;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.#end = resolve;
    const introductions = introductionsOf(node);
    this.#answersMissing = introductions.length;
    this.#psync = psync(node, from);
    this.#acknowledgement = command(node, 'REPLCONF', 'ACK', '0');
    const socket = connect({ path: node.socket });
    this.#socket = socket;
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => this.close('it does not answer'));
    socket.once('connect', () => {
      socket.setTimeout(SILENT_FOR_MS);
      socket.write(Buffer.concat(introductions));
    });
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close('the node closed the connection'));
  }

  /** Ends the link at once. */
  close(why = 'it was left'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#socket.destroy();
    this.#spool.dropDump();
    this.#end(why);
  }

  /** The spool may have room again. */
  resume(): void {
    if (!this.#isPaused || !this.#events.hasRoom()) return;
    this.#isPaused = false;
    this.#socket.resume();
    this.#socket.setTimeout(SILENT_FOR_MS);
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  #receive(chunk: Buffer): void {
    if (this.#isOver) return;
    try {
      if (this.#reader) this.#greet(this.#reader, chunk);
      else this.#stream(chunk);
    } catch (error) {
      this.close(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.#events.hasRoom()) return;
    this.#isPaused = true;
    this.#socket.pause();
    this.#socket.setTimeout(0);
  }

  #greet(reader: LinkReader, chunk: Buffer): void {
    reader.push(chunk);
    for (let item = reader.next(); item; item = reader.next()) {
      switch (item.kind) {
        case 'refusal':
          this.close(item.text);
          return;
        case 'reply':
          if (--this.#answersMissing === 0) this.#socket.write(this.#psync);
          break;
        case 'full-resync':
          this.#full = { id: item.id, offset: item.offset };
          this.#spool.beginDump();
          this.#acknowledge();
          break;
        case 'dump-bytes':
          this.#spool.appendDump(item.bytes);
          break;
        case 'dump-ends':
          this.#spool.endDump(this.#full!.id, this.#full!.offset);
          // After a dump that was not on its disk, an engine sends the stream when the replica has answered.
          this.#socket.write(this.#acknowledgement);
          this.#follow(reader.rest());
          return;
        case 'continue':
          if (item.id !== undefined) this.#spool.rename(item.id);
          this.#acknowledge();
          this.#follow(reader.rest());
          return;
      }
    }
  }

  #follow(rest: Buffer): void {
    this.#reader = undefined;
    this.#events.onFollowing();
    if (rest.length > 0) this.#stream(rest);
    else this.#events.onReceived();
  }

  #stream(bytes: Buffer): void {
    this.#spool.append(bytes, Date.now());
    this.#events.onReceived();
  }

  /** A replica that says nothing for `repl-timeout` is dropped, while it receives a dump as well. */
  #acknowledge(): void {
    this.#timer ??= setInterval(() => this.#socket.write(this.#acknowledgement), ACKNOWLEDGE_EVERY_MS);
  }
}

/** What comes before PSYNC. Each is answered by OK. */
function introductionsOf(node: FollowedNode): Buffer[] {
  return [
    ...(node.password === '' ? [] : [command(node, 'AUTH', node.username, node.password)]),
    command(node, 'CLIENT', 'SETNAME', CONNECTION_NAME),
    command(node, 'REPLCONF', 'capa', 'eof', 'capa', 'psync2'),
  ];
}

const psync = (node: FollowedNode, from: { id: string; end: number } | undefined): Buffer =>
  command(node, 'PSYNC', from?.id ?? '?', from ? String(from.end + 1) : '-1');

const command = (node: FollowedNode, name: string, ...words: string[]): Buffer =>
  encoded(node.commandNames[name.toLowerCase()] ?? name, ...words);

const encoded = (...words: string[]): Buffer =>
  Buffer.from(
    `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
  );
