// The address to which a redirect leads. Pure.

import type { Action } from './load-balancers.ts';
import type { RequestFacts } from './request-facts.ts';

type Redirect = Extract<Action, { does: 'redirect' }>;

/** AWS: a longer address is answered with 507. */
export const MOST_LOCATION_BYTES = 8 * 1024;

/**
 * The Location header. AWS: it always has the port; `#{path}` has no leading slash
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#redirect-actions).
 */
export function locationOf(
  redirect: Redirect,
  { protocol, hostName, port, path, query }: RequestFacts,
): string {
  const parts: Readonly<Record<string, string>> = {
    ...{ protocol, host: hostName, port: String(port) },
    ...{ path: path.replace(/^\//, ''), query },
  };
  const put = (text: string) =>
    text.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name) => parts[name]!);
  const asked = put(redirect.query);
  return `${put(redirect.protocol).toLowerCase()}://${put(redirect.host)}:${put(redirect.port)}${put(redirect.path)}${asked && `?${asked}`}`;
}
