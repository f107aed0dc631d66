// Layers of repositories. The bytes are shared by all repositories; the record says that a repository has them.

import type { Scope } from '../../aws/scope.ts';
import type { Ecr } from './context.ts';
import type { Digest } from './domain/digests.ts';
import { contentKey, type Layer, type Repository, type Upload } from './records.ts';

/**
 * The layer with this digest, if the repository has it. A layer that no image refers to is kept for another while,
 * since a client that asks for it is about to push an image with it.
 */
export function findLayer(ecr: Ecr, scope: Scope, { id }: Repository, digest: string): Layer | undefined {
  const layer = ecr.records.layers.get(scope, contentKey(id, digest));
  if (layer?.unusedSince === undefined) return layer;
  const touched = { ...layer, unusedSince: ecr.clock.now() };
  ecr.records.layers.put(scope, contentKey(id, digest), touched);
  return touched;
}

/** Records that the repository has this layer, whose bytes exist. Call it while the bytes are leased. */
export function addLayer(ecr: Ecr, scope: Scope, repository: Repository, digest: string, size: number): void {
  const key = contentKey(repository.id, digest);
  if (ecr.records.layers.get(scope, key)) return;
  ecr.records.layers.put(scope, key, {
    repository: repository.id,
    digest,
    size,
    unusedSince: ecr.clock.now(),
  });
}

/**
 * Ends an upload: its bytes become a layer. Returns false, and keeps the upload, when they have another digest. Throws
 * an OperationalError when the disk fails.
 */
export async function finishUpload(
  ecr: Ecr,
  scope: Scope,
  repository: Repository,
  upload: Upload,
  digest: Digest,
): Promise<boolean> {
  const { uploads } = ecr;
  if ((await uploads.hashOf(upload, digest.algorithm)) !== digest.hex) return false;
  const size = await uploads.sizeOf(upload);
  const release = await ecr.blobs.adopt(digest, uploads.fileOf(upload));
  try {
    addLayer(ecr, scope, repository, digest.text, size);
  } finally {
    release();
  }
  await uploads.end(scope, upload);
  return true;
}

/**
 * Gives the repository a layer that another repository of the registry has; `from` is undefined for any of them. Returns
 * false when there is none.
 */
export function mountLayer(
  ecr: Ecr,
  scope: Scope,
  repository: Repository,
  digest: string,
  from: Repository | undefined,
): boolean {
  const source = from
    ? findLayer(ecr, scope, from, digest)
    : ecr.records.layers.by(scope, 'digest', digest, { limit: 1 })[0];
  if (!source) return false;
  addLayer(ecr, scope, repository, digest, source.size);
  return true;
}

/** Takes a layer from a repository. Returns false when an image refers to it, or when there is none. */
export function removeLayer(ecr: Ecr, scope: Scope, { id }: Pick<Repository, 'id'>, digest: string): boolean {
  const key = contentKey(id, digest);
  const { images, layers } = ecr.records;
  if (!layers.has(scope, key) || images.countBy(scope, 'uses', key) > 0) return false;
  layers.delete(scope, key);
  ecr.store.afterCommit(() => ecr.blobs.abandon(digest));
  return true;
}

export const isStored = (ecr: Pick<Ecr, 'records'>, digest: string): boolean =>
  ecr.records.layers.byAnywhere('digest', digest).length > 0 ||
  ecr.records.images.byAnywhere('digest', digest).length > 0;
