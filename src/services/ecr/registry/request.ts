// A request to the registry and its answer, as the handlers see them.

import type { IncomingHttpHeaders } from 'node:http';
import type { Writable } from 'node:stream';
import type { Scope } from '../../../aws/scope.ts';
import type { Ecr } from '../context.ts';
import { isRepositoryName } from '../domain/names.ts';
import type { Repository } from '../records.ts';
import { nameInvalid } from './errors.ts';
import { splitRegistry } from './path.ts';

/** An authorized request. */
export interface RegistryRequest {
  ecr: Ecr;
  method: string;
  headers: IncomingHttpHeaders;
  query: URLSearchParams;
  body: AsyncIterable<Uint8Array>;
  /** The registry of the host name, otherwise that of the token. */
  registry: Scope;
}

/** An answer. Without a body its length is 0. */
export interface Answer {
  status: number;
  headers?: Record<string, string | number>;
  /** A function writes the body itself; the headers then state its length. */
  body?: string | Buffer | ((response: Writable) => Promise<void>);
}

/** A repository that a request names. */
export interface Named {
  scope: Scope;
  repository: Repository;
}

/** Throws NAME_INVALID, and RepositoryNotFoundException when there is none. AWS: a push does not create one. */
export function repositoryNamed({ ecr, registry }: RegistryRequest, given: string): Named {
  const { registry: scope = registry, name } = splitRegistry(given);
  if (!isRepositoryName(name)) throw nameInvalid();
  return { scope, repository: ecr.records.repositories.existing(scope, name) };
}

/** A handler of one kind of target, by HTTP method. */
export type Handlers<T> = Readonly<
  Record<string, (request: RegistryRequest, target: T) => Answer | Promise<Answer>>
>;
