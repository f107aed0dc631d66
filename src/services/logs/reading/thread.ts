// The program of the worker threads that read, settle and query events, one request at a time.

import { parentPort } from 'node:worker_threads';
import { TooMuchMemory } from '../insights/language/query-memory.ts';
import { runQuery } from '../insights/run-query.ts';
import type { Answers, FromThread, Request } from './messages.ts';
import { countFields, readRecord } from './read-fields.ts';
import { selectEvents } from './select-events.ts';
import { settle } from './settle.ts';

const port = parentPort!;
const send = (message: FromThread) => port.postMessage(message);

port.on('message', (request: Request) => {
  try {
    send({ kind: 'answer', answer: answerTo(request) });
  } catch (error) {
    if (error instanceof TooMuchMemory) send({ kind: 'too much', message: error.message });
    else send({ kind: 'failed', message: String((error as Error).stack ?? error) });
  }
});

function answerTo(request: Request): Answers[keyof Answers] {
  switch (request.kind) {
    case 'settle':
      return settle(request);
    case 'select':
      return selectEvents(request);
    case 'fields':
      return countFields(request);
    case 'record':
      return readRecord(request);
    case 'query':
      return runQuery(request, (progress) => send({ kind: 'progress', progress }));
  }
}
