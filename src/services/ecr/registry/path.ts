// Reads the path of a request to the registry. Pure.

import { parseAwsHost } from '../../../aws/hosts.ts';
import type { Scope } from '../../../aws/scope.ts';

/** What a request is about. `name` is the repository's, as in the path. */
export type Target =
  | { kind: 'base' }
  | { kind: 'catalog' }
  | { kind: 'uploads'; name: string }
  | { kind: 'upload'; name: string; id: string }
  | { kind: 'blob'; name: string; digest: string }
  | { kind: 'manifest'; name: string; reference: string }
  | { kind: 'tags'; name: string }
  | { kind: 'referrers'; name: string; digest: string };

const PREFIX = '/v2';
/** A repository's name may have any component, so the last match counts. */
const PARTS =
  /^\/v2\/(?<name>.+)\/(?:(?<uploads>blobs\/uploads\/?)|blobs\/uploads\/(?<id>[^/]+)|blobs\/(?<digest>[^/]+)|manifests\/(?<reference>[^/]+)|(?<tags>tags\/list)|referrers\/(?<subject>[^/]+))$/;

/** `path` has no query string. `undefined` when the registry has no such path. */
export function parsePath(path: string): Target | undefined {
  const decoded = decode(path);
  if (decoded === undefined) return undefined;
  if (decoded === PREFIX || decoded === `${PREFIX}/`) return { kind: 'base' };
  if (decoded === `${PREFIX}/_catalog`) return { kind: 'catalog' };
  const { name, uploads, id, digest, reference, tags, subject } = PARTS.exec(decoded)?.groups ?? {};
  if (name === undefined) return undefined;
  if (uploads !== undefined) return { kind: 'uploads', name };
  if (id !== undefined) return { kind: 'upload', name, id };
  if (digest !== undefined) return { kind: 'blob', name, digest };
  if (reference !== undefined) return { kind: 'manifest', name, reference };
  if (tags !== undefined) return { kind: 'tags', name };
  return { kind: 'referrers', name, digest: subject! };
}

/**
 * The registry in front of a repository's name: at the API's own port, `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME` is
 * the repository of that registry, and a bare name one of the registry of the token.
 */
export function splitRegistry(name: string): { registry: Scope | undefined; name: string } {
  const slash = name.indexOf('/');
  const registry = slash < 0 ? undefined : registryOfHost(name.slice(0, slash));
  return registry ? { registry, name: name.slice(slash + 1) } : { registry: undefined, name };
}

/** The registry with this host name; `undefined` for another host. */
export function registryOfHost(host: string): Scope | undefined {
  const { accountId, region } = parseAwsHost(host) ?? {};
  return accountId !== undefined && region !== undefined ? { accountId, region } : undefined;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
