// All sessions: those that last, with their web sockets, and for a time those that have ended.

import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Scope } from '../../../aws/scope.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { randomHex } from '../../../kernel/ids.ts';
import { sessionIdIn } from './channel-path.ts';
import type { Connection } from './data-channel.ts';
import type { SessionProgram } from './documents.ts';
import { Session, type SessionFacts } from './session.ts';
import { openTerminal } from './terminal.ts';

/** AWS keeps them for 30 days. */
const KEPT = 1_000;
/** Those that last. The one that has waited longest for its other side ends for a new one. */
const MOST = 100;
const LARGEST_MESSAGE = 1024 * 1024;
/** How long a web socket may take to say which session it is for. */
const OPENING_MS = 10_000;
/** Data that a client does not take. */
const MOST_BUFFERED = 8 * 1024 * 1024;

/** The sessions of all accounts, in memory: they end with Millpond. */
export class Sessions {
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #all = new Map<string, Session>();
  #server: Promise<{ handleUpgrade: UpgradeHandler }> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `line`: the command line that runs its program in the instance. `ended`: when the instance ends. */
  start(
    facts: Omit<SessionFacts, 'id' | 'startedAt'>,
    program: SessionProgram,
    line: () => [string, ...string[]],
    ended: Promise<void>,
  ): Session {
    this.#makeRoom();
    // AWS: the user's name and 17 hexadecimal digits.
    const id = `root-0${randomHex(16)}`;
    const now = () => this.#clock.now();
    const session = new Session(
      { ...facts, id, startedAt: now() },
      program.type,
      () => openTerminal(line()),
      now,
    );
    session.token = randomHex(64);
    this.#all.set(id, session);
    void ended.then(() => session.end('The instance is not running.'));
    return session;
  }

  /** The sessions of an account and region. */
  of({ accountId, region }: Scope): Session[] {
    const isOf = ({ facts }: Session) => facts.account === accountId && facts.region === region;
    return [...this.#all.values()].filter(isOf);
  }

  find(scope: Scope, id: string): Session | undefined {
    const session = this.#all.get(id);
    return session?.facts.account === scope.accountId && session.facts.region === scope.region
      ? session
      : undefined;
  }

  /** Takes a web socket, if it is for a session. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const session = this.#all.get(sessionIdIn(request.url));
    if (!session || session.endedAt !== undefined) return false;
    void this.#webSockets().then(({ handleUpgrade }) =>
      handleUpgrade(request, socket, head, (webSocket) => serve(webSocket, session)),
    );
    return true;
  }

  stop(): void {
    for (const session of this.#all.values()) session.end('');
  }

  /** Only whoever starts a session loads the package. */
  #webSockets(): Promise<{ handleUpgrade: UpgradeHandler }> {
    this.#server ??= import('ws').then(({ WebSocketServer }) => {
      const server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
      return { handleUpgrade: (...call) => server.handleUpgrade(...call) };
    });
    return this.#server;
  }

  #makeRoom(): void {
    for (const [id, session] of this.#all) {
      if (this.#all.size < KEPT) break;
      if (session.endedAt !== undefined) this.#all.delete(id);
    }
    const lasting = [...this.#all.values()].filter(({ endedAt }) => endedAt === undefined);
    if (lasting.length >= MOST) lasting[0]?.end('Too many sessions are open.');
  }
}

type UpgradeHandler = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  serve: (webSocket: WebSocket) => void,
) => void;

/** The first message has the token; those that follow are binary. */
function serve(webSocket: WebSocket, session: Session): void {
  const connection: Connection = {
    send(bytes) {
      if (webSocket.readyState !== webSocket.OPEN) return;
      // It will ask for what is lost when it resumes.
      if (webSocket.bufferedAmount > MOST_BUFFERED) webSocket.terminate();
      else webSocket.send(bytes);
    },
    close: () => webSocket.close(1000),
  };
  let isOpen = false;
  const opening = setTimeout(() => webSocket.terminate(), OPENING_MS).unref();
  webSocket.on('error', () => webSocket.terminate());
  webSocket.on('close', () => {
    clearTimeout(opening);
    if (isOpen) session.detach(connection);
  });
  webSocket.on('message', (data: Buffer, isBinary) => {
    if (isOpen) {
      if (isBinary) session.receive(data);
      return;
    }
    if (isBinary || !hasToken(data, session.token)) {
      webSocket.close(1008);
      return;
    }
    clearTimeout(opening);
    isOpen = true;
    session.attach(connection);
  });
}

/** AWS: `{"MessageSchemaVersion":"1.0","RequestId":"…","TokenValue":"…","ClientId":"…","ClientVersion":"…"}` */
function hasToken(data: Buffer, token: string): boolean {
  try {
    const given: unknown = (JSON.parse(data.toString()) as { TokenValue?: unknown }).TokenValue;
    const [one, other] = [Buffer.from(String(given)), Buffer.from(token)];
    return one.length === other.length && timingSafeEqual(one, other);
  } catch {
    return false;
  }
}
