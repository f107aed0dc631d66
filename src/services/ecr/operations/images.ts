// PutImage, BatchGetImage and BatchDeleteImage.

import type { ImageFailure, ImageIdentifier, Image as ShownImage } from '@aws-sdk/client-ecr';
import { registryOf } from '../context.ts';
import { parseDigest } from '../domain/digests.ts';
import { isTag } from '../domain/names.ts';
import { digestDoesNotMatch, imageExists, invalidParameter } from '../faults.ts';
import { imageWith } from '../image-ids.ts';
import { deleteImage, digestOf, findImage, indexesOf, notePull, putImage, tagsOfImage } from '../images.ts';
import { tagKey } from '../records.ts';
import type { Operation } from '../sdk.ts';

/**
 * Throws RepositoryNotFoundException, ImageAlreadyExistsException, ImageDigestDoesNotMatchException,
 * InvalidParameterException, and the faults of `putImage`.
 */
export const PutImage: Operation<'PutImage'> = async (ecr, input, context) => {
  const scope = registryOf(context, input.registryId);
  const repository = ecr.records.repositories.existing(scope, input.repositoryName);
  const { imageManifest, imageManifestMediaType: mediaType, imageTag, imageDigest } = input;
  if (imageTag !== undefined && !isTag(imageTag)) {
    throw invalidParameter("Invalid parameter at 'imageTag' failed to satisfy constraint: 'must be a tag'");
  }
  const bytes = Buffer.from(imageManifest);
  const digest = digestOf(bytes, parseDigest(imageDigest ?? '')?.algorithm);
  if (imageDigest !== undefined && imageDigest !== digest.text)
    throw digestDoesNotMatch(imageDigest, digest.text);
  const present = findImage(ecr, scope, repository, imageTag ?? digest.text);
  if (present?.digest === digest.text)
    throw imageExists(digest.text, imageTag, repository.name, scope.accountId);
  const tags = imageTag === undefined ? [] : [imageTag];
  const image = await putImage(ecr, scope, repository, { bytes, digest, mediaType, tags });
  return {
    image: {
      registryId: scope.accountId,
      repositoryName: repository.name,
      imageId: { imageDigest: digest.text, ...(imageTag !== undefined && { imageTag }) },
      imageManifest,
      imageManifestMediaType: image.mediaType,
    },
  };
};

/** Images that are not there are failures of the answer. Throws RepositoryNotFoundException. */
export const BatchGetImage: Operation<'BatchGetImage'> = async (ecr, input, context) => {
  const scope = registryOf(context, input.registryId);
  const repository = ecr.records.repositories.existing(scope, input.repositoryName);
  const images: ShownImage[] = [];
  const failures: ImageFailure[] = [];
  for (const imageId of input.imageIds) {
    const found = imageWith(ecr, scope, repository, imageId);
    if ('failure' in found) {
      failures.push(found.failure);
      continue;
    }
    const { digest, mediaType } = found.image;
    const release = ecr.blobs.hold(digest);
    try {
      const bytes = await ecr.blobs.bytes(parseDigest(digest)!);
      images.push({
        registryId: scope.accountId,
        repositoryName: repository.name,
        imageId: {
          imageDigest: digest,
          ...(imageId.imageTag !== undefined && { imageTag: imageId.imageTag }),
        },
        imageManifest: bytes.toString('utf8'),
        imageManifestMediaType: mediaType,
      });
    } finally {
      release();
    }
    const current = findImage(ecr, scope, repository, digest);
    if (current) notePull(ecr, scope, current);
  }
  return { images, failures };
};

/**
 * AWS: an id with a tag deletes the tag, and the image with its last tag; an id with only a digest deletes the image
 * with all its tags. An image of an index is not deleted. Throws RepositoryNotFoundException.
 */
export const BatchDeleteImage: Operation<'BatchDeleteImage'> = (ecr, input, context) => {
  const scope = registryOf(context, input.registryId);
  const repository = ecr.records.repositories.existing(scope, input.repositoryName);
  const imageIds: ImageIdentifier[] = [];
  const failures: ImageFailure[] = [];
  // Indexes come first, so that they do not keep their images.
  const found = input.imageIds.map((imageId) => ({ imageId, ...imageWith(ecr, scope, repository, imageId) }));
  const isIndex = (each: (typeof found)[number]) => 'image' in each && each.image.kind === 'index';
  for (const each of [...found.filter(isIndex), ...found.filter((one) => !isIndex(one))]) {
    const { imageId } = each;
    if ('failure' in each) {
      failures.push(each.failure);
      continue;
    }
    const { image } = each;
    const tags = tagsOfImage(ecr, scope, image);
    const { imageTag } = imageId;
    const isLast = imageTag === undefined || tags.every((tag) => tag === imageTag);
    const indexes = isLast ? indexesOf(ecr, scope, image) : [];
    if (indexes.length > 0) {
      const failureReason = `Requested image referenced by manifest list: [${indexes.join(', ')}]`;
      failures.push({ imageId, failureCode: 'ImageReferencedByManifestList', failureReason });
      continue;
    }
    if (isLast) deleteImage(ecr, scope, image);
    else ecr.records.tags.delete(scope, tagKey(repository.id, imageTag));
    const deleted = imageTag === undefined ? tags : [imageTag];
    imageIds.push(
      ...deleted.map((tag) => ({ imageDigest: image.digest, imageTag: tag })),
      ...(deleted.length === 0 ? [{ imageDigest: image.digest }] : []),
    );
  }
  return { imageIds, failures };
};
