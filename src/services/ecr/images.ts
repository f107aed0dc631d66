// Images of repositories: pushing, finding and deleting them and their tags. Both ECR's API and the registry use these.

import { createHash } from 'node:crypto';
import type { Scope } from '../../aws/scope.ts';
import { excessIn } from '../../wire/json-bounds.ts';
import type { Ecr } from './context.ts';
import { type Digest, parseDigest } from './domain/digests.ts';
import { InvalidManifest, type Manifest, parseManifest } from './domain/manifest.ts';
import { isImmutable } from './domain/mutability.ts';
import { imagesNotFound, invalidManifest, layersNotFound, tagIsImmutable, tooManyImages } from './faults.ts';
import { contentKey, contentsOf, type Image, MOST_IMAGES, type Repository, tagKey } from './records.ts';

/** A manifest that is pushed. */
export interface Push {
  bytes: Uint8Array;
  /** The digest that the client states; the SHA-256 is computed when it is absent. */
  digest: Digest;
  /** The content type that the client states. */
  mediaType: string | undefined;
  tags: readonly string[];
}

/** The digest of a manifest. */
export function digestOf(bytes: Uint8Array, algorithm: Digest['algorithm'] = 'sha256'): Digest {
  return parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`)!;
}

/**
 * Stores a manifest and points its tags at it. Throws InvalidParameterException for a bad manifest,
 * LayersNotFoundException, ReferencedImagesNotFoundException, ImageTagAlreadyExistsException, LimitExceededException;
 * an OperationalError when the disk fails.
 */
export async function putImage(ecr: Ecr, scope: Scope, repository: Repository, push: Push): Promise<Image> {
  const manifest = read(push);
  check(ecr, scope, repository, manifest, push);
  const release = await ecr.blobs.write(push.digest, push.bytes);
  try {
    return ecr.store.transaction(() => {
      // The write took turns of the event loop, in which other requests were served.
      const current = ecr.records.repositories.existing(scope, repository.name);
      check(ecr, scope, current, manifest, push);
      const image = imageOf(ecr, scope, current, manifest, push);
      ecr.records.images.put(scope, contentKey(current.id, image.digest), image);
      useLayers(ecr, scope, current, image);
      for (const tag of push.tags) {
        const { id } = current;
        const record = { repository: id, tag, digest: image.digest, pushedAt: ecr.clock.now() };
        ecr.records.tags.put(scope, tagKey(id, tag), record);
      }
      return image;
    });
  } finally {
    release();
  }
}

function read({ bytes, mediaType }: Push): Manifest {
  const excess = excessIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  if (excess) throw invalidManifest(`The manifest ${excess}.`);
  try {
    return parseManifest(Buffer.from(bytes).toString('utf8'), mediaType);
  } catch (error) {
    if (error instanceof InvalidManifest) throw invalidManifest(error.message);
    throw error;
  }
}

function check(ecr: Ecr, scope: Scope, repository: Repository, manifest: Manifest, push: Push): void {
  const { id, name } = repository;
  const { images, layers, tags } = ecr.records;
  const missing = manifest.blobs.filter(({ digest }) => !layers.has(scope, contentKey(id, digest)));
  if (missing.length > 0) throw layersNotFound(digestsOf(missing), name, scope.accountId);
  const absent = manifest.children.filter(({ digest }) => !images.has(scope, contentKey(id, digest)));
  if (absent.length > 0) throw imagesNotFound(digestsOf(absent), name, scope.accountId);
  for (const tag of push.tags) {
    const held = tags.get(scope, tagKey(id, tag));
    if (!held || held.digest === push.digest.text) continue;
    if (isImmutable(repository, tag)) throw tagIsImmutable(tag, name);
  }
  const isNew = !images.has(scope, contentKey(id, push.digest.text));
  if (isNew && images.count(scope, contentsOf(id)) >= MOST_IMAGES) throw tooManyImages(MOST_IMAGES);
}

const digestsOf = (references: readonly { digest: string }[]): string[] =>
  references.map(({ digest }) => digest);

function imageOf(ecr: Ecr, scope: Scope, { id }: Repository, manifest: Manifest, push: Push): Image {
  const { kind, mediaType, artifactType, subject, annotations } = manifest;
  const key = (digest: string) => contentKey(id, digest);
  const sizes = manifest.blobs.map(({ digest }) => ecr.records.layers.get(scope, key(digest))?.size ?? 0);
  const ofChildren = manifest.children.map(
    ({ digest }) => ecr.records.images.get(scope, key(digest))?.contentBytes ?? 0,
  );
  const present = ecr.records.images.get(scope, key(push.digest.text));
  return {
    ...{ repository: id, digest: push.digest.text, kind, mediaType, manifestBytes: push.bytes.length },
    contentBytes: sizes.reduce((sum, size) => sum + size, 0) + Math.max(0, ...ofChildren),
    ...(artifactType !== undefined && { artifactType }),
    ...(subject !== undefined && { subject, ...(annotations && { annotations }) }),
    blobs: [...new Set(digestsOf(manifest.blobs))],
    children: [...new Set(digestsOf(manifest.children))],
    pushedAt: present?.pushedAt ?? ecr.clock.now(),
    ...(present?.pulledAt !== undefined && { pulledAt: present.pulledAt }),
  };
}

/** The image refers to these layers from now on. */
function useLayers(ecr: Ecr, scope: Scope, { id }: Repository, { blobs }: Image): void {
  for (const digest of blobs) {
    const layer = ecr.records.layers.get(scope, contentKey(id, digest));
    if (layer?.unusedSince === undefined) continue;
    const { unusedSince: _, ...used } = layer;
    ecr.records.layers.put(scope, contentKey(id, digest), used);
  }
}

/** By digest or by tag; `undefined` when the repository has none. */
export function findImage(ecr: Ecr, scope: Scope, { id }: Repository, reference: string): Image | undefined {
  const { images, tags } = ecr.records;
  const digest = parseDigest(reference)?.text ?? tags.get(scope, tagKey(id, reference))?.digest;
  return digest === undefined ? undefined : images.get(scope, contentKey(id, digest));
}

/** The tags of an image, sorted. */
export const tagsOfImage = (ecr: Ecr, scope: Scope, { repository, digest }: Image): string[] =>
  ecr.records.tags.by(scope, 'digest', contentKey(repository, digest)).map(({ tag }) => tag);

/** The digests of the indexes that contain this image. */
export const indexesOf = (ecr: Ecr, scope: Scope, { repository, digest }: Image): string[] =>
  ecr.records.images.by(scope, 'uses', contentKey(repository, digest)).map((image) => image.digest);

/** Deletes an image and all its tags. Layers that no other image uses are deleted later. */
export function deleteImage(ecr: Ecr, scope: Scope, image: Image): void {
  const { images, layers, tags } = ecr.records;
  const { repository, digest } = image;
  ecr.store.transaction(() => {
    for (const tag of tagsOfImage(ecr, scope, image)) tags.delete(scope, tagKey(repository, tag));
    images.delete(scope, contentKey(repository, digest));
    for (const blob of image.blobs) {
      const key = contentKey(repository, blob);
      const layer = layers.get(scope, key);
      if (layer && images.countBy(scope, 'uses', key) === 0) {
        layers.put(scope, key, { ...layer, unusedSince: ecr.clock.now() });
      }
    }
    ecr.store.afterCommit(() => ecr.blobs.abandon(digest));
  });
}

/** AWS: the time of the last pull is refreshed once a day at most. */
const PULL_NOTED_EVERY_MS = 24 * 60 * 60 * 1_000;

/** Notes that a client pulled the image. */
export function notePull(ecr: Ecr, scope: Scope, image: Image): void {
  const now = ecr.clock.now();
  if (image.pulledAt !== undefined && now - image.pulledAt < PULL_NOTED_EVERY_MS) return;
  ecr.records.images.put(scope, contentKey(image.repository, image.digest), { ...image, pulledAt: now });
}
