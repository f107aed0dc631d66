// ListImages and DescribeImages.

import type { ImageDetail } from '@aws-sdk/client-ecr';
import type { Scope } from '../../../aws/scope.ts';
import { type Ecr, registryOf } from '../context.ts';
import { imageNotFound } from '../faults.ts';
import { idText, imageWith } from '../image-ids.ts';
import { tagsOfImage } from '../images.ts';
import { imageIdPages, imagePages, pageRequest } from '../paging.ts';
import { contentsOf, type Image, type Repository } from '../records.ts';
import type { Operation } from '../sdk.ts';

type Filter = { tagStatus?: string | undefined; imageStatus?: string | undefined } | undefined;

/** Whether the filter accepts an image with these tags. Every image is active: Millpond archives none. */
function accepts(filter: Filter, tags: readonly string[]): boolean {
  const { tagStatus = 'ANY', imageStatus = 'ACTIVE' } = filter ?? {};
  if (imageStatus !== 'ACTIVE' && imageStatus !== 'ANY') return false;
  return tagStatus === 'ANY' || (tagStatus === 'TAGGED') === tags.length > 0;
}

/**
 * One id for each tag, and one for each image without tags. AWS: a page may have more ids than it was asked for, because
 * it is counted in images. Throws RepositoryNotFoundException, InvalidParameterException.
 */
export const ListImages: Operation<'ListImages'> = async (ecr, input, context) => {
  const scope = registryOf(context, input.registryId);
  const repository = ecr.records.repositories.existing(scope, input.repositoryName);
  const { items, token } = await imageIdPages.ofCollection(ecr.records.images, scope, {
    ...pageRequest(input),
    prefix: contentsOf(repository.id),
    wanted: (image) => accepts(input.filter, tagsOfImage(ecr, scope, image)),
  });
  const imageIds = items.flatMap((image) => {
    const tags = tagsOfImage(ecr, scope, image);
    const { digest: imageDigest } = image;
    return tags.length > 0 ? tags.map((imageTag) => ({ imageDigest, imageTag })) : [{ imageDigest }];
  });
  return { imageIds, ...(token !== undefined && { nextToken: token }) };
};

/** Throws RepositoryNotFoundException, ImageNotFoundException, InvalidParameterException. */
export const DescribeImages: Operation<'DescribeImages'> = async (ecr, input, context) => {
  const scope = registryOf(context, input.registryId);
  const repository = ecr.records.repositories.existing(scope, input.repositoryName);
  if (input.imageIds) {
    const images = input.imageIds.map((imageId) => {
      const found = imageWith(ecr, scope, repository, imageId);
      if ('failure' in found) throw imageNotFound(idText(imageId), repository.name, scope.accountId);
      return found.image;
    });
    return { imageDetails: images.map((image) => detailOf(ecr, scope, repository, image)) };
  }
  const { items, token } = await imagePages.ofCollection(ecr.records.images, scope, {
    ...pageRequest(input),
    prefix: contentsOf(repository.id),
    wanted: (image) => accepts(input.filter, tagsOfImage(ecr, scope, image)),
  });
  return {
    imageDetails: items.map((image) => detailOf(ecr, scope, repository, image)),
    ...(token !== undefined && { nextToken: token }),
  };
};

function detailOf(ecr: Ecr, scope: Scope, { name }: Repository, image: Image): ImageDetail {
  const imageTags = tagsOfImage(ecr, scope, image);
  const { digest, contentBytes, pushedAt, pulledAt, mediaType, artifactType, subject } = image;
  return {
    registryId: scope.accountId,
    repositoryName: name,
    imageDigest: digest,
    ...(imageTags.length > 0 && { imageTags }),
    imageSizeInBytes: contentBytes,
    imagePushedAt: new Date(pushedAt),
    imageManifestMediaType: mediaType,
    ...(artifactType !== undefined && { artifactMediaType: artifactType }),
    ...(pulledAt !== undefined && { lastRecordedPullTime: new Date(pulledAt) }),
    ...(subject !== undefined && { subjectManifestDigest: subject }),
    imageStatus: 'ACTIVE',
  };
}
