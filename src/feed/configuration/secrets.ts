// Passwords in URLs: references to where they are, `${env:NAME}` and `${file:PATH}`, and the forms of a configuration that
// may be shown. Pure: what the references stand for is passed in.

import type { FeedConfiguration, Server, Target } from './configuration.ts';
import { LanguageError } from './path.ts';

/** What references stand for; `undefined` where there is nothing. */
export interface Secrets {
  env(name: string): string | undefined;
  file(path: string): string | undefined;
}

const REFERENCE = /\$\{(env|file):([^{}]{1,1000})\}/g;

/**
 * A URL with its references resolved. Within a URL they are percent-encoded; a URL may be a reference as a whole. Throws a
 * LanguageError, also when there are references and no `secrets`.
 */
export function resolveUrl(url: string, secrets?: Secrets): string {
  return url.replace(REFERENCE, (reference, kind: 'env' | 'file', name: string) => {
    if (!secrets) throw new LanguageError(`${reference} is resolved by the command line only`);
    const value = secrets[kind](name)?.replace(/\r?\n$/, '');
    if (value === undefined || value === '') {
      throw new LanguageError(
        kind === 'env' ? `the environment variable ${name} is not set` : `the file ${name} cannot be read`,
      );
    }
    return reference === url ? value : encodeURIComponent(value);
  });
}

/** A URL that may be shown and logged: without its password, wherever it is. */
export function redactUrl(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return '***';
  if (parsed.password !== '') parsed.password = '***';
  for (const name of [...parsed.searchParams.keys()]) {
    if (/pass|secret|token|key/i.test(name)) parsed.searchParams.set(name, '***');
  }
  return parsed.toString();
}

/** The configuration without any password. */
export function redact(configuration: FeedConfiguration): FeedConfiguration {
  const { source, mappings } = configuration;
  return {
    ...configuration,
    source: 'server' in source ? { ...source, server: redactServer(source.server) } : source,
    mappings: mappings.map((mapping) => ({ ...mapping, target: redactTarget(mapping.target) })),
  };
}

const redactServer = (server: Server): Server =>
  'url' in server ? { ...server, url: redactUrl(server.url) } : server;

const redactTarget = (target: Target): Target =>
  target.kind === 'sql' ? { ...target, url: redactUrl(target.url) } : target;
