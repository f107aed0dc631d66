// `/_millpond/faults`: the faults of the network. GET lists them, POST adds one, DELETE ends all or the one that the path
// names.

import type { IncomingMessage } from 'node:http';
import type { Log } from './kernel/log.ts';
import type { Cuts } from './network/cuts/cuts.ts';
import { jsonOf, type OwnAnswer, type OwnRoutes, ownRoutes } from './own-routes.ts';

/** As `statusRoutes`. */
export const faultRoutes = (cuts: Pick<Cuts, 'list' | 'add' | 'clear'>, log: Log): OwnRoutes =>
  ownRoutes(
    '/_millpond/faults',
    (request, id) => answerTo(cuts, request, id),
    log,
    'a fault of the network could not be made or ended',
  );

async function answerTo(
  cuts: Pick<Cuts, 'list' | 'add' | 'clear'>,
  request: IncomingMessage,
  id: string,
): Promise<OwnAnswer> {
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
