// URLs of Lambda where functions have a network of their own: there the servers on this host's loopback addresses
// are not reached, and the API serves what they serve. Pure.

/** Below the API's URL, so that no bucket has the path: names of buckets have no underscore. */
const FUNCTION_URL = '/_lambda-url/';
const PACKAGE = '/_lambda-package/';

/** What Lambda needs to know of the two networks. */
export interface Networks {
  /** The API's URL on this host and where functions run, without a slash at the end. */
  hostUrl(): string;
  insideUrl(): string;
}

/** A function URL by its port: on this host, or below the API's URL for a client that reached it there. */
export const functionUrlOf = (port: number, insideBase: string | undefined): string =>
  insideBase === undefined ? `http://127.0.0.1:${port}/` : `${insideBase}${FUNCTION_URL}${port}/`;

/** A package's URL below the API's. */
export const packageUrlInside = (base: string, path: string): string => `${base}${PACKAGE}${path}`;

/** The port in the path of a function URL below the API's, and the path that the function sees. */
export function functionUrlIn(path: string): { port: number; rest: string } | undefined {
  const [, port, rest] = /^\/_lambda-url\/(\d{1,5})([/?].*|$)/s.exec(path) ?? [];
  if (port === undefined) return undefined;
  return { port: Number(port), rest: rest!.startsWith('/') ? rest! : `/${rest}` };
}

/** The path of a package below the API's URL; `undefined` for any other path. */
export const packagePathIn = (path: string): string | undefined =>
  path.startsWith(PACKAGE) ? path.slice(PACKAGE.length) : undefined;

const ON_HOST = /\bhttp:\/\/(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost):(\d{1,5})(?![\d.])/g;

/**
 * A variable of a function as its processes get it: URLs of the API and of function URLs that were read on this host
 * become the ones that are reached from the function.
 */
export function textInside(
  text: string,
  { hostUrl, insideUrl }: Networks,
  isFunctionUrl: (port: number) => boolean,
): string {
  const { hostname, port: apiPort } = new URL(hostUrl());
  return text.replace(ON_HOST, (whole, host: string, port: string) => {
    if (port === apiPort && (host === hostname || host === 'localhost')) return insideUrl();
    if (isFunctionUrl(Number(port))) return functionUrlOf(Number(port), insideUrl()).slice(0, -1);
    return whole;
  });
}
