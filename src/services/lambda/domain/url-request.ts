// Function URLs: turns a request into the function's event (payload format 2.0), and the function's answer into a
// response. Pure.

/** An HTTP request to a function URL. */
export interface UrlRequest {
  method: string;
  /** The path with the query. */
  target: string;
  /** By lower-case name. Repeated headers are already joined, by commas, cookies by semicolons. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  sourceAddress: string;
  host: string;
  accountId: string;
  requestId: string;
  now: number;
}

/** The HTTP response. */
export interface UrlResponse {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: Buffer;
}

// AWS: forms are sent as base64, too.
const TEXTUAL = /^(text\/|application\/(json|javascript|xml|graphql|[\w.-]+\+(json|xml))|image\/svg\+xml)/i;

/** The event in payload format 2.0. */
export function eventOf(request: UrlRequest) {
  const { method, headers, body } = request;
  const [rawPath = '/', ...query] = request.target.split('?');
  const rawQueryString = query.join('?');
  const { cookie, ...others } = headers;
  const parameters = parametersOf(rawQueryString);
  const isText = body.length === 0 || TEXTUAL.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: decodedPath(rawPath),
    rawQueryString,
    ...(cookie && { cookies: cookie.split(/;\s*/) }),
    headers: others,
    ...(Object.keys(parameters).length > 0 && { queryStringParameters: parameters }),
    requestContext: {
      accountId: 'anonymous',
      apiId: request.host.split('.')[0],
      domainName: request.host,
      domainPrefix: request.host.split('.')[0],
      http: {
        method,
        path: decodedPath(rawPath),
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceAddress,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(request.now),
      timeEpoch: request.now,
    },
    ...(body.length > 0 && { body: isText ? body.toString() : body.toString('base64') }),
    isBase64Encoded: !isText,
  };
}

function parametersOf(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    // Defined and not assigned, because a name may be __proto__.
    const joined = Object.hasOwn(parameters, name) ? `${parameters[name]},${value}` : value;
    Object.defineProperty(parameters, name, {
      value: joined,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return parameters;
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** `21/Nov/2026:10:00:00 +0000`. */
function commonLogTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString())!;
  return `${day}/${month}/${year}:${time} +0000`;
}

const BAD_GATEWAY: UrlResponse = {
  status: 502,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'InternalServerErrorException' },
  cookies: [],
  body: Buffer.from('Internal Server Error'),
};

/** AWS: a failed invocation or an invalid answer is a 502 response. */
export function responseOf(payload: Buffer, failed: boolean): UrlResponse {
  if (failed) return BAD_GATEWAY;
  let answer: unknown;
  try {
    answer = JSON.parse(payload.toString());
  } catch {
    return BAD_GATEWAY;
  }
  if (!isRecord(answer) || answer.statusCode === undefined) return inferred(answer, payload);
  const { statusCode, headers, cookies, body, isBase64Encoded } = answer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return BAD_GATEWAY;
  const text =
    body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    headers: { 'content-type': 'application/json', ...headersOf(headers) },
    cookies: Array.isArray(cookies) ? cookies.filter((each) => typeof each === 'string') : [],
    body: Buffer.from(text, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

/** AWS: an answer without a status code is the body itself; a string is sent without quotes. */
function inferred(answer: unknown, payload: Buffer): UrlResponse {
  const body = typeof answer === 'string' ? Buffer.from(answer) : payload;
  return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body };
}

function headersOf(given: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(isRecord(given) ? given : {})) {
    const lower = name.toLowerCase();
    // The server sets the headers of the connection itself.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(lower) || HOP_BY_HOP.has(lower)) continue;
    headers[lower] = String(value).replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
  }
  return headers;
}

const HOP_BY_HOP = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'trailer',
]);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
