// Manifests: GET, HEAD, PUT and DELETE by digest or tag.

import { parseDigest } from '../domain/digests.ts';
import { MAX_MANIFEST_BYTES } from '../domain/manifest.ts';
import { isTag } from '../domain/names.ts';
import { deleteImage, digestOf, findImage, notePull, putImage } from '../images.ts';
import { tagKey } from '../records.ts';
import { digestInvalid, manifestTooLarge, manifestUnknown, tagInvalid } from './errors.ts';
import { type Answer, type Handlers, type RegistryRequest, repositoryNamed } from './request.ts';

interface ManifestTarget {
  name: string;
  /** A digest or a tag. */
  reference: string;
}

/** The handlers of `/v2/NAME/manifests/REFERENCE`. */
export const manifestHandlers: Handlers<ManifestTarget> = {
  GET: read,
  HEAD: read,
  PUT: write,
  DELETE: remove,
};

async function read(request: RegistryRequest, { name, reference }: ManifestTarget): Promise<Answer> {
  const { ecr, method } = request;
  const { scope, repository } = repositoryNamed(request, name);
  const image = findImage(ecr, scope, repository, reference);
  if (!image) throw manifestUnknown(reference.slice(0, 200));
  if (method === 'GET') notePull(ecr, scope, image);
  return {
    status: 200,
    headers: {
      'content-type': image.mediaType,
      'content-length': image.manifestBytes,
      'docker-content-digest': image.digest,
    },
    ...(method === 'GET' && { body: await ecr.blobs.bytes(parseDigest(image.digest)!) }),
  };
}

async function write(request: RegistryRequest, { name, reference }: ManifestTarget): Promise<Answer> {
  const { ecr, headers, query } = request;
  const { scope, repository } = repositoryNamed(request, name);
  const stated = parseDigest(reference);
  const tags = stated ? query.getAll('tag') : [reference];
  if (!tags.every(isTag)) throw tagInvalid();
  const bytes = await bodyOf(request);
  const digest = digestOf(bytes, stated?.algorithm);
  if (stated && stated.text !== digest.text)
    throw digestInvalid(`The manifest's digest is ${digest.text}, not ${stated.text}.`);
  const mediaType = headers['content-type']?.replace(/;.*/s, '').trim();
  const image = await putImage(ecr, scope, repository, { bytes, digest, mediaType, tags });
  return {
    status: 201,
    headers: {
      location: `/v2/${name}/manifests/${digest.text}`,
      'docker-content-digest': digest.text,
      ...(image.subject !== undefined && { 'oci-subject': image.subject }),
      ...(stated && tags.length > 0 && { 'oci-tag': tags.join(', ') }),
    },
  };
}

/** As the specification has it, a tag is deleted without its image. ECR's own API deletes an image with its last tag. */
function remove(request: RegistryRequest, { name, reference }: ManifestTarget): Answer {
  const { ecr } = request;
  const { scope, repository } = repositoryNamed(request, name);
  const image = findImage(ecr, scope, repository, reference);
  if (!image) throw manifestUnknown(reference.slice(0, 200));
  if (parseDigest(reference)) deleteImage(ecr, scope, image);
  else ecr.records.tags.delete(scope, tagKey(repository.id, reference));
  return { status: 202 };
}

async function bodyOf({ body }: RegistryRequest): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > MAX_MANIFEST_BYTES) throw manifestTooLarge(MAX_MANIFEST_BYTES);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
