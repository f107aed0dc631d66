// Answers the console's requests: its page, its files, the list of dashboards and the data of one.

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DASHBOARDS_PATH } from '../aws/console-address.ts';
import { isTime } from '../services/cloudwatch/dashboards/time-span.ts';
import { isPeriod } from '../services/cloudwatch/domain/period.ts';
import { consoleBundle } from './bundle.ts';
import { type Asked, dashboardLines, dashboardList, scopeAsked } from './dashboard-lines.ts';
import { type Answer, COMMON_HEADERS, pageAnswer, sentenceAnswer } from './page.ts';
import { createSharedAnswers } from './shared-answers.ts';
import { reasonOf, type Sources } from './sources.ts';
import { type ConsoleSurroundings, FILES_PATH } from './surroundings.ts';

/** Answers requests for which `consoleRoutes` decided. */
export interface Console {
  /** Rejects with failures that are not the caller's. */
  answer(request: IncomingMessage, response: ServerResponse, refusal: string | undefined): Promise<void>;
}

/** Dashboards whose data is being sent. */
const MOST_STREAMS = 32;
const BOUNDS = { mostCharacters: 16_000_000, mostAtOnce: 8 };
const DATA = /^\/([^/]+)\/data$/;

/** For those who followed a link of another site. */
const BY_HAND = 'To open this page, enter its address in the address bar.';

/** A page or its data, and no stream of lines. */
type Whole = (url: URL, isPage: boolean) => Promise<Answer>;

export function createConsole({ client, region, clock, log }: ConsoleSurroundings): Console {
  const sources: Sources = {
    monitoring: client('monitoring') as Sources['monitoring'],
    logs: client('logs') as Sources['logs'],
    clock,
  };
  const answers = createSharedAnswers(BOUNDS, () => performance.now());
  let streams = 0;

  const whole: Whole = async (url, isPage) => {
    if (url.pathname.startsWith(FILES_PATH)) return await asset(url.pathname.slice(FILES_PATH.length));
    if (url.pathname === DASHBOARDS_PATH && !isPage) return await list(url);
    const { script, style } = await consoleBundle();
    return pageAnswer({ script: `${FILES_PATH}${script}`, style: `${FILES_PATH}${style}` }, region);
  };

  async function list(url: URL): Promise<Answer> {
    try {
      const dashboards = await dashboardList(sources, scopeAsked(url.searchParams, region));
      return {
        status: 200,
        headers: { ...COMMON_HEADERS, 'content-type': 'application/json', vary: 'Accept' },
        body: JSON.stringify(dashboards),
      };
    } catch (error) {
      return sentenceAnswer(502, reasonOf(error));
    }
  }

  async function stream(response: ServerResponse, asked: Asked): Promise<void> {
    if (streams >= MOST_STREAMS) {
      send(response, sentenceAnswer(503, `${MOST_STREAMS} dashboards are being read already.`));
      return;
    }
    streams++;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const write = lineWriter(response, gone.signal);
      await dashboardLines({ sources, answers, log }, asked, write, gone.signal);
      response.end();
    } catch (error) {
      if (gone.signal.aborted) return;
      if (response.headersSent) throw error;
      const isUnknown = error instanceof Error && error.name.startsWith('DashboardNotFound');
      send(response, sentenceAnswer(isUnknown ? 404 : 502, reasonOf(error)));
    } finally {
      streams--;
    }
  }

  return {
    async answer(request, response, refusal) {
      const { method = 'GET', url: target = '/' } = request;
      if (refusal !== undefined) {
        const isLink = request.headers['sec-fetch-mode'] === 'navigate';
        return send(response, sentenceAnswer(403, isLink ? `${refusal} ${BY_HAND}` : refusal));
      }
      if (method !== 'GET') return send(response, sentenceAnswer(405, 'The console is only read.'));
      const url = new URL(target, 'http://millpond');
      const data = url.pathname.startsWith(DASHBOARDS_PATH)
        ? DATA.exec(url.pathname.slice(DASHBOARDS_PATH.length))
        : null;
      if (!data)
        return send(response, await whole(url, request.headers.accept?.includes('text/html') ?? false));
      const asked = askedIn(data[1]!, url.searchParams, region);
      if (typeof asked === 'string') return send(response, sentenceAnswer(400, asked));
      await stream(response, asked);
    },
  };
}

/** What a request for data asks for, or why it is refused. */
function askedIn(encodedName: string, query: URLSearchParams, ownRegion: string): Asked | string {
  const name = /^[A-Za-z0-9_-]{1,255}$/.exec(encodedName)?.[0];
  if (name === undefined) return 'The name of a dashboard has 1 to 255 letters, digits, - and _.';
  const start = query.get('start') ?? undefined;
  const end = query.get('end') ?? undefined;
  if ([start, end].some((text) => text !== undefined && !isTime(text)))
    return 'start and end must be times, or durations before now such as -PT3H.';
  if (start === undefined && end !== undefined) return 'An end needs a start.';
  const period = query.has('period') ? Number(query.get('period')) : undefined;
  if (period !== undefined && !isPeriod(period))
    return 'period must be 1, 5, 10, 20, 30 or a multiple of 60.';
  return {
    ...{ name, scope: scopeAsked(query, ownRegion) },
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(period !== undefined && { period }),
  };
}

async function asset(name: string): Promise<Answer> {
  const file = (await consoleBundle()).files.get(name);
  if (!file) return sentenceAnswer(404, 'There is no such file; reload the page.');
  return {
    status: 200,
    // The name changes with the contents.
    headers: {
      ...COMMON_HEADERS,
      'cache-control': 'max-age=31536000, immutable',
      'content-type': file.contentType,
    },
    body: file.content,
  };
}

/** Sends the headers with the first line. Each line waits until the client has taken those before it. */
function lineWriter(response: ServerResponse, gone: AbortSignal): (line: string) => Promise<void> {
  return async (line) => {
    if (gone.aborted) return;
    if (!response.headersSent)
      response.writeHead(200, { ...COMMON_HEADERS, 'content-type': 'application/x-ndjson' });
    if (response.write(`${line}\n`)) return;
    // Rejects when the client goes away.
    await once(response, 'drain', { signal: gone }).catch(() => {});
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) }).end(body);
}
