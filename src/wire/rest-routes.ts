// Finds the operation for a method and a URL, for the REST protocols. A service's routes are compiled once.

import type { RequestHead } from './request.ts';
import type { Member, Operation, ServiceSchema } from './schema.ts';

interface RestRoute {
  operation: Operation;
  path: RegExp;
  labels: string[];
  /** Query parameters in the URI template (`?attributes`). One with a value must have that value. */
  query: [name: string, value: string | undefined][];
  /** Query parameters and headers of required members. */
  needed: { query: string[]; headers: string[] };
  /** Among routes with equally many query parameters, those with a higher weight are tried first. */
  weight: number;
}

const compiled = new WeakMap<ServiceSchema, Map<string, RestRoute[]>>();

/** The operation and its path labels; `undefined` if no route matches. Throws URIError for invalid percent-encoding. */
export function findRoute(
  service: ServiceSchema,
  head: RequestHead,
): { operation: Operation; labels: Record<string, string> } | undefined {
  let routes = compiled.get(service);
  if (!routes) compiled.set(service, (routes = compileRoutes(service)));
  const { searchParams } = head.url;
  let found: { route: RestRoute; match: RegExpExecArray; isWhole: boolean } | undefined;
  for (const route of routes.get(head.method) ?? []) {
    if (found && (found.isWhole || route.query.length < found.route.query.length)) break;
    const match = route.path.exec(head.path);
    const isNamed = route.query.every(([name, value]) =>
      value === undefined ? searchParams.has(name) : searchParams.get(name) === value,
    );
    if (!match || !isNamed) continue;
    const { query, headers } = route.needed;
    const isWhole =
      query.every((name) => searchParams.has(name)) &&
      headers.every((name) => head.headers[name] !== undefined);
    // A request without a required part is for this operation, unless another route with the same query parameters
    // matches completely. `DELETE /bucket?analytics` without an id must not delete the bucket.
    if (isWhole || (!found && route.query.length > 0)) found = { route, match, isWhole };
  }
  if (!found) return undefined;
  const { route, match } = found;
  const labels = route.labels.map((label, index) => [label, decodeURIComponent(match[index + 1]!)]);
  return { operation: route.operation, labels: Object.fromEntries(labels) };
}

function compileRoutes(service: ServiceSchema): Map<string, RestRoute[]> {
  const byMethod = new Map<string, RestRoute[]>();
  for (const name of service.operationNames) {
    const operation = service.operation(name)!;
    if (!operation.http) continue;
    const [method] = operation.http;
    const routes = byMethod.get(method) ?? [];
    routes.push(compileRoute(operation));
    byMethod.set(method, routes);
  }
  for (const routes of byMethod.values()) {
    routes.sort((a, b) => b.query.length - a.query.length || b.weight - a.weight);
  }
  return byMethod;
}

function compileRoute(operation: Operation): RestRoute {
  const [path = '', queryString = ''] = uriOf(operation).split('?');
  const labels: string[] = [];
  const pattern = path.split(/(\{[^}]+\})/).map((part) => {
    if (!part.startsWith('{')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const isGreedy = part.endsWith('+}');
    labels.push(part.slice(1, isGreedy ? -2 : -1));
    return isGreedy ? '(.+)' : '([^/]+)';
  });
  const query = queryString
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('x-id='))
    .map((pair) => pair.split('=') as [string, string | undefined]);
  // Required parameters distinguish operations on the same path.
  const required = operation.input.members.filter((member) => member.required);
  const needed = {
    query: present(required, (member) => member.traits.httpQuery),
    headers: present(required, (member) => member.traits.httpHeader?.toLowerCase()),
  };
  const literalLength = path.replace(/\{[^}]+\}/g, '').length;
  return {
    operation,
    path: new RegExp(`^${pattern.join('')}/?$`),
    labels,
    query,
    needed,
    weight: (needed.query.length + needed.headers.length) * 100 + literalLength - labels.length,
  };
}

// AWS: a label that the model omits from the path is its first segment. Clients may put it into the host name instead.
function uriOf(operation: Operation): string {
  const uri = operation.http![1];
  const isLeftOut = ({ name, traits }: Member) =>
    traits.httpLabel && !uri.includes(`{${name}}`) && !uri.includes(`{${name}+}`);
  const label = operation.input.members.find(isLeftOut);
  if (!label) return uri;
  const front = `/{${label.name}}`;
  if (uri === '/') return front;
  return front + (uri.startsWith('/?') ? uri.slice(1) : uri);
}

const present = (members: Member[], of: (member: Member) => string | undefined): string[] =>
  members.map(of).filter((name) => name !== undefined);
