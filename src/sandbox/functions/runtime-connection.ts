// One connection of a function's process: its requests in order, each answered before the next is looked at. Answers are
// written here and not by Node's own server, so that the receipt for one result goes out together with the next
// invocation: a packet less, and a process that is woken once. What requests mean is runtime-api.ts.

import type { Socket } from 'node:net';
import { RequestReader, type RuntimeRequest } from './request-reader.ts';

export interface Answer {
  status: 200 | 202 | 400 | 403 | 404 | 413;
  headers: Record<string, string | number>;
  body: Buffer;
}

/** A request that waits for its answer. */
export interface Exchange {
  readonly request: RuntimeRequest;
  /** Once; it goes nowhere when the connection is gone. */
  answer(answer: Answer): void;
}

export interface ConnectionEvents {
  onRequest(exchange: Exchange): void;
  /** `waiting` is what will not be answered any more. */
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
/** What may lie unread while an answer is awaited. */
const MOST_UNREAD_BYTES = 64 * 1024;

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
