// Finds the images that a request identifies by digest, by tag, or by both.

import type { ImageFailure } from '@aws-sdk/client-ecr';
import type { Scope } from '../../aws/scope.ts';
import type { Ecr } from './context.ts';
import { isDigest } from './domain/digests.ts';
import { findImage } from './images.ts';
import type { Image, Repository } from './records.ts';

/** How a request identifies an image. */
export interface ImageId {
  imageDigest?: string | undefined;
  imageTag?: string | undefined;
}

/** The image, or why there is none. */
export type FoundImage = { image: Image } | { failure: ImageFailure };

/** AWS: the codes are those of the model; the sentences are known from public reports. */
export function imageWith(ecr: Ecr, scope: Scope, repository: Repository, imageId: ImageId): FoundImage {
  const { imageDigest, imageTag } = imageId;
  const failed = (failureCode: NonNullable<ImageFailure['failureCode']>, failureReason: string) => ({
    failure: { imageId, failureCode, failureReason },
  });
  if (imageDigest === undefined && imageTag === undefined)
    return failed('MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null');
  if (imageDigest !== undefined && !isDigest(imageDigest))
    return failed('InvalidImageDigest', 'Invalid request parameters: image digest should satisfy the regex');
  const image = findImage(ecr, scope, repository, imageTag ?? imageDigest!);
  if (!image) return failed('ImageNotFound', 'Requested image not found');
  if (imageDigest !== undefined && image.digest !== imageDigest)
    return failed('ImageTagDoesNotMatchDigest', 'Requested image tag does not match the digest');
  return { image };
}

/** AWS: how faults show an image id: `imageDigest:'null', imageTag:'latest'`. */
export const idText = ({ imageDigest, imageTag }: ImageId): string =>
  `imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'`;
