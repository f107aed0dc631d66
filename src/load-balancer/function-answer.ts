// The response that a function's answer describes. Pure.
//
// AWS: docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#respond-to-load-balancer; what it
// refuses with 502 is in public reports, which the rules below name.

/** A response for the client. */
export interface FunctionResponse {
  status: number;
  /** Absent: the usual one of the status. */
  reason?: string;
  /** Name, value, name, value… in Latin-1, without the headers of the connection. */
  headers: string[];
  body: Buffer;
}

const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  // Computed.
  'content-length',
]);
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Of bytes: no control character but a tab. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** AWS: "must contain the status code and reason phrase, separated by a single space" (aws-lambda-dotnet, issue 507). */
const DESCRIPTION = /^\d{3} ([\t\x20-\x7e]*)$/;

/** Undefined when AWS answers 502: the answer is malformed. */
export function functionResponse(payload: Buffer, multiValueHeaders: boolean): FunctionResponse | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
  if (!isRecord(answer)) return undefined;
  // AWS: only the status code is required, and nothing may be null (elb-application-load-balancers-user-guide, issue 33).
  const { statusCode, statusDescription, body = '', isBase64Encoded = false } = answer;
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode)) return undefined;
  if (statusCode < 200 || statusCode > 599) return undefined;
  if (typeof body !== 'string' || typeof isBase64Encoded !== 'boolean') return undefined;
  if (statusDescription !== undefined && typeof statusDescription !== 'string') return undefined;
  const given = multiValueHeaders ? answer.multiValueHeaders : answer.headers;
  const headers = readHeaders(given ?? (given === null ? null : {}), multiValueHeaders);
  if (!headers) return undefined;
  const reason = DESCRIPTION.exec(statusDescription ?? '')?.[1];
  return {
    status: statusCode,
    ...(reason !== undefined && { reason }),
    headers,
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Undefined when they are malformed. AWS: values must be strings (serverless-express, issue 688). */
function readHeaders(given: unknown, multiValueHeaders: boolean): string[] | undefined {
  if (!isRecord(given)) return undefined;
  const headers: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (multiValueHeaders !== Array.isArray(value)) return undefined;
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each !== 'string') return undefined;
      const text = isAscii(each) ? each : Buffer.from(each).toString('latin1');
      if (!NAME.test(name) || !VALUE.test(text)) return undefined;
      if (!HOP_BY_HOP.has(name.toLowerCase())) headers.push(name, text);
    }
  }
  return headers;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are ASCII, too
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
