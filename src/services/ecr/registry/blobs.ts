// Layers and configurations: HEAD, GET and DELETE of a blob.

import { parseDigest } from '../domain/digests.ts';
import { findLayer, removeLayer } from '../layers.ts';
import { blobInUse, blobUnknown, digestInvalid, rangeInvalid } from './errors.ts';
import { type Answer, type Handlers, type RegistryRequest, repositoryNamed } from './request.ts';

interface BlobTarget {
  name: string;
  digest: string;
}

/** The handlers of `/v2/NAME/blobs/DIGEST`. */
export const blobHandlers: Handlers<BlobTarget> = { GET: read, HEAD: read, DELETE: remove };

function read(request: RegistryRequest, target: BlobTarget): Answer {
  const { ecr, method, headers } = request;
  const { scope, repository } = repositoryNamed(request, target.name);
  const digest = parseDigest(target.digest);
  if (!digest) throw digestInvalid(`${target.digest.slice(0, 200)} is not a digest.`);
  const layer = findLayer(ecr, scope, repository, digest.text);
  if (!layer) throw blobUnknown(digest.text);
  const range = rangeOf(headers.range, layer.size);
  const { first, last } = range ?? { first: 0, last: layer.size - 1 };
  return {
    status: range ? 206 : 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': last - first + 1,
      'docker-content-digest': digest.text,
      'accept-ranges': 'bytes',
      ...(range && { 'content-range': `bytes ${first}-${last}/${layer.size}` }),
    },
    ...(method === 'GET' &&
      layer.size > 0 && { body: (response) => ecr.blobs.send(digest, first, last, response) }),
  };
}

function remove(request: RegistryRequest, { name, digest }: BlobTarget): Answer {
  const { ecr } = request;
  const { scope, repository } = repositoryNamed(request, name);
  if (!findLayer(ecr, scope, repository, digest)) throw blobUnknown(digest.slice(0, 200));
  if (!removeLayer(ecr, scope, repository, digest)) throw blobInUse(digest);
  return { status: 202 };
}

/** One range of bytes. Other units, and several ranges, are ignored (RFC 9110, 14.2). Throws RANGE_INVALID. */
function rangeOf(header: string | undefined, size: number): { first: number; last: number } | undefined {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last) throw rangeInvalid(size);
  return { first, last };
}
