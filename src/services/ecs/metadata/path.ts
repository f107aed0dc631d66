// Which requests are for the task metadata endpoint. Known before ECS is built.

import type { IncomingMessage } from 'node:http';

const PATH = /^\/v[34]\/(?<id>[0-9a-f]{32})(?:\/(?<what>task|stats|task\/stats|taskWithTags))?\/?$/;

/** What a request asks for: the secret of a container, and a part of the endpoint. */
export function parseMetadataPath({
  url = '/',
}: Pick<IncomingMessage, 'url'>): { id: string; what: string | undefined } | undefined {
  const { id, what } = PATH.exec(url.split('?', 1)[0]!)?.groups ?? {};
  return id === undefined ? undefined : { id, what };
}

export const isMetadataRequest = (request: Pick<IncomingMessage, 'url'>): boolean =>
  parseMetadataPath(request) !== undefined;
