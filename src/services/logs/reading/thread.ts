// The program of the worker threads that read, settle and query events, one request at a time.

import { parentPort } from 'node:worker_threads';
import type { Answers, FromThread, Request } from './messages.ts';
import { selectEvents } from './select-events.ts';
import { settle } from './settle.ts';

const port = parentPort!;
const send = (message: FromThread) => port.postMessage(message);

port.on('message', (request: Request) => {
  try {
    send({ kind: 'answer', answer: answerTo(request) });
  } catch (error) {
    send({ kind: 'failed', message: String((error as Error).stack ?? error) });
  }
});

function answerTo(request: Request): Answers[keyof Answers] {
  switch (request.kind) {
    case 'settle':
      return settle(request);
    case 'select':
      return selectEvents(request);
  }
}
