// One connection of a function's process, whose requests are answered in order. It writes responses itself, not with
// Node's server, so that the receipt for one result and the next invocation are sent together: one packet less, and
// the process wakes up once. runtime-api.ts interprets the requests.

import type { Socket } from 'node:net';
import { RequestReader, type RuntimeRequest } from './request-reader.ts';

/** A response. */
export interface Answer {
  status: 200 | 202 | 400 | 403 | 404 | 413;
  headers: Record<string, string | number>;
  body: Buffer;
}

/** A request with its pending response. */
export interface Exchange {
  readonly request: RuntimeRequest;
  /** Sends the response, once; does nothing when the connection is closed. */
  answer(answer: Answer): void;
}

/** The events of a connection. */
export interface ConnectionEvents {
  onRequest(exchange: Exchange): void;
  /** `waiting` is the exchange that was still open. */
  onClose(waiting: Exchange | undefined): void;
}

const REASONS: Record<Answer['status'], string> = {
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Payload Too Large',
};
/** The most unread bytes while a response is pending. */
const MOST_UNREAD_BYTES = 64 * 1024;

/** Serves the connection until it closes. */
export function serveConnection(socket: Socket, mostBodyBytes: number, events: ConnectionEvents): void {
  const reader = new RequestReader({
    mostBodyBytes,
    onExpectation: () => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
  });
  const unsent: (string | Buffer)[] = [];
  let waiting: Exchange | undefined;
  let isReading = false;

  function readOn(): void {
    isReading = true;
    try {
      while (!waiting && socket.writable) {
        const request = reader.next();
        if (!request) break;
        begin(request);
      }
    } catch {
      socket.destroy();
    }
    isReading = false;
    if (!waiting) send();
    if (waiting && reader.unreadBytes > MOST_UNREAD_BYTES) socket.pause();
  }

  function begin(request: RuntimeRequest): void {
    const exchange: Exchange = {
      request,
      answer(answer) {
        if (waiting !== exchange) return;
        waiting = undefined;
        unsent.push(render(answer), answer.body);
        if (isReading) return;
        send();
        if (request.isLast) return void socket.end();
        socket.resume();
        if (reader.unreadBytes > 0) readOn();
      },
    };
    waiting = exchange;
    events.onRequest(exchange);
    if (request.isLast && !waiting) {
      send();
      socket.end();
    }
  }

  function send(): void {
    if (unsent.length === 0) return;
    socket.cork();
    for (const part of unsent.splice(0)) socket.write(part);
    socket.uncork();
  }

  socket.on('data', (piece) => {
    if (!socket.writable) return;
    reader.add(piece);
    if (!waiting) readOn();
    else if (reader.unreadBytes > MOST_UNREAD_BYTES) socket.pause();
  });
  socket.on('error', () => {});
  socket.once('close', () => {
    const left = waiting;
    waiting = undefined;
    events.onClose(left);
  });
}

function render({ status, headers, body }: Answer): string {
  let head = `HTTP/1.1 ${status} ${REASONS[status]}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  return `${head}content-length: ${body.length}\r\n\r\n`;
}
