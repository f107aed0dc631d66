// The event that a function receives for a request. Pure.
//
// AWS: docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html

import type { RequestFacts } from './request-facts.ts';

/** What an event is made of. */
export interface EventParts {
  targetGroupArn: string;
  multiValueHeaders: boolean;
  facts: Pick<RequestFacts, 'method' | 'path' | 'query'>;
  /** Name, value, name, value… */
  headers: readonly string[];
  body: Buffer;
}

/** AWS: bodies of these types are text, unless they have a Content-Encoding. */
const TEXTUAL = /^\s*(text\/|application\/(json|javascript|xml)\s*(;|$))/i;

/** The event as JSON. */
export function functionEvent(parts: EventParts): string {
  const { targetGroupArn, multiValueHeaders, facts, headers, body } = parts;
  const isText = body.length === 0 || isTextual(headers);
  return JSON.stringify({
    requestContext: { elb: { targetGroupArn } },
    httpMethod: facts.method,
    path: facts.path,
    ...(multiValueHeaders
      ? {
          multiValueQueryStringParameters: allValues(parametersOf(facts.query)),
          multiValueHeaders: allValues(lowerCase(headers)),
        }
      : {
          queryStringParameters: lastValues(parametersOf(facts.query)),
          headers: lastValues(lowerCase(headers)),
        }),
    body: isText ? body.toString() : body.toString('base64'),
    isBase64Encoded: !isText,
  });
}

function isTextual(headers: readonly string[]): boolean {
  let type = '';
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!.toLowerCase();
    if (name === 'content-encoding') return false;
    if (name === 'content-type') type = headers[index + 1]!;
  }
  return TEXTUAL.test(type);
}

/** AWS: neither names nor values are decoded. */
function* parametersOf(query: string): Generator<[string, string]> {
  if (query === '') return;
  for (const parameter of query.split('&')) {
    if (parameter === '') continue;
    const equals = parameter.indexOf('=');
    yield equals === -1 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
  }
}

/** AWS: header names are in lower case. The body is complete, so the event has no Transfer-Encoding. */
function* lowerCase(headers: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!.toLowerCase();
    if (name !== 'transfer-encoding') yield [name, headers[index + 1]!];
  }
}

// Objects without a prototype, because a name may be __proto__.

/** AWS: without multi-value headers the last value counts. */
function lastValues(pairs: Iterable<[string, string]>): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) values[name] = value;
  return values;
}

function allValues(pairs: Iterable<[string, string]>): Record<string, string[]> {
  const values: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const before = values[name];
    if (before) before.push(value);
    else values[name] = [value];
  }
  return values;
}
