// `/_millpond/faults`: the faults of the network. GET lists them, POST adds one, DELETE ends all or the one that the path
// names.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { OperationalError } from './kernel/errors.ts';
import type { Log } from './kernel/log.ts';
import type { Cuts } from './network/cuts/cuts.ts';
import { answerJson, jsonOf } from './own-routes.ts';

const PATH = '/_millpond/faults';

interface Answer {
  code: number;
  body: unknown;
}

/** As `statusRoutes`. */
export function faultRoutes(cuts: Pick<Cuts, 'list' | 'add' | 'clear'>, log: Log) {
  return (request: IncomingMessage, response: ServerResponse, refusal: string | undefined): boolean => {
    if (!request.url?.startsWith(PATH)) return false;
    const { pathname } = new URL(request.url, 'http://millpond');
    if (pathname !== PATH && !pathname.startsWith(`${PATH}/`)) return false;
    const id = pathname.slice(PATH.length + 1);
    const answer =
      refusal === undefined
        ? answerTo(cuts, request, id)
        : Promise.resolve({ code: 403, body: { error: refusal } });
    answer
      .catch((error: unknown) => failed(error, log))
      .then(({ code, body }) => answerJson(response, code, body))
      .catch((error: unknown) => log.debug({ err: error }, 'a response could not be sent'));
    return true;
  };
}

async function answerTo(
  cuts: Pick<Cuts, 'list' | 'add' | 'clear'>,
  request: IncomingMessage,
  id: string,
): Promise<Answer> {
  if (request.method === 'GET' && id === '') return { code: 200, body: { cuts: cuts.list() } };
  if (request.method === 'POST' && id === '')
    return { code: 201, body: await cuts.add(await jsonOf(request)) };
  if (request.method === 'DELETE') {
    const ended = await cuts.clear(id || undefined);
    if (id !== '' && ended.length === 0)
      return { code: 404, body: { error: `There is no fault ${JSON.stringify(id.slice(0, 50))}.` } };
    return { code: 200, body: { cuts: ended } };
  }
  return { code: 405, body: { error: 'Faults are listed by GET, made by POST and ended by DELETE.' } };
}

function failed(error: unknown, log: Log): Answer {
  if (error instanceof OperationalError) {
    const code = error.code === 'InvalidOption' ? 400 : 500;
    if (code === 500) log.error({ err: error }, 'a fault of the network could not be made or ended');
    return { code, body: { error: error.message } };
  }
  log.error({ err: error }, 'a request about faults failed');
  return { code: 500, body: { error: 'Internal failure; see the log.' } };
}
