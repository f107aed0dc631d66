// The routes of the console: which requests are for it. What answers them is loaded with the first one.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { DASHBOARDS_PATH } from '../aws/console-address.ts';
import type { Console } from './answers.ts';
import { type ConsoleSurroundings, FILES_PATH } from './surroundings.ts';

/** The path of AWS's own page. */
const AWS_HOME = '/cloudwatch/home';

/** For WireServerOptions.fallback: returns true when it answers the request. */
export function consoleRoutes(surroundings: ConsoleSurroundings) {
  let answers: Promise<Console> | undefined;
  return (request: IncomingMessage, response: ServerResponse, refusal: string | undefined): boolean => {
    if (!isForConsole(request)) return false;
    answers ??= import('./answers.ts').then(({ createConsole }) => createConsole(surroundings));
    answers
      .then((console) => console.answer(request, response, refusal))
      .catch((error: unknown) => {
        surroundings.log.error(
          { err: error, path: request.url },
          'a page of the console could not be answered',
        );
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { 'content-type': 'application/json' }).end(FAILED);
      });
    return true;
  };
}

const FAILED = JSON.stringify({ error: 'Internal failure; see the log.' });

function isForConsole({ url = '', headers }: IncomingMessage): boolean {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  if (path === DASHBOARDS_PATH || path.startsWith(`${DASHBOARDS_PATH}/`) || path.startsWith(FILES_PATH))
    return true;
  // A program that reads the object `home` of a bucket `cloudwatch` signs its request, or wants no page.
  return (
    path === AWS_HOME &&
    headers.authorization === undefined &&
    !/[?&](X-Amz-Signature|Signature)=/.test(url) &&
    (headers.accept?.includes('text/html') ?? false)
  );
}
