// Which operation a method and a path mean, for protocols that name operations by URL. A service's routes are
// compiled once.

import type { RequestHead } from './request.ts';
import type { Member, Operation, ServiceSchema } from './schema.ts';

interface RestRoute {
  operation: Operation;
  path: RegExp;
  labels: string[];
  /** Query parameters that must be there; with a value, they must have it. */
  query: [name: string, value: string | undefined][];
  /** Headers that must be there. */
  headers: string[];
  /** Routes that ask for more come first. */
  weight: number;
}

const compiled = new WeakMap<ServiceSchema, Map<string, RestRoute[]>>();

/** Throws URIError where a label is no valid percent-encoding. */
export function findRoute(
  service: ServiceSchema,
  head: RequestHead,
): { operation: Operation; labels: Record<string, string> } | undefined {
  let routes = compiled.get(service);
  if (!routes) compiled.set(service, (routes = compileRoutes(service)));
  const { searchParams } = head.url;
  for (const route of routes.get(head.method) ?? []) {
    const match = route.path.exec(head.path);
    if (!match) continue;
    const hasQuery = route.query.every(([name, value]) =>
      value === undefined ? searchParams.has(name) : searchParams.get(name) === value,
    );
    if (!hasQuery || !route.headers.every((name) => head.headers[name] !== undefined)) continue;
    const labels = route.labels.map((label, index) => [label, decodeURIComponent(match[index + 1]!)]);
    return { operation: route.operation, labels: Object.fromEntries(labels) };
  }
  return undefined;
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
  for (const routes of byMethod.values()) routes.sort((a, b) => b.weight - a.weight);
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
  // Operations on the same path are told apart by what they must be given.
  const required = operation.input.members.filter((member) => member.required);
  query.push(
    ...present(required, (member) => member.traits.httpQuery).map(
      (name) => [name, undefined] as [string, undefined],
    ),
  );
  const headers = present(required, (member) => member.traits.httpHeader?.toLowerCase());
  const literalLength = path.replace(/\{[^}]+\}/g, '').length;
  return {
    operation,
    path: new RegExp(`^${pattern.join('')}/?$`),
    labels,
    query,
    headers,
    weight: (query.length + headers.length) * 100 + literalLength - labels.length,
  };
}

// AWS: S3's model leaves `{Bucket}` out of the path, because its clients may put it into the host name.
function uriOf(operation: Operation): string {
  const uri = operation.http![1];
  const bucket = operation.input.members.find((member) => member.name === 'Bucket');
  if (!bucket?.traits.httpLabel || uri.includes('{Bucket}')) return uri;
  if (uri === '/') return '/{Bucket}';
  return `/{Bucket}${uri.startsWith('/?') ? uri.slice(1) : uri}`;
}

const present = (members: Member[], of: (member: Member) => string | undefined): string[] =>
  members.map(of).filter((name) => name !== undefined);
