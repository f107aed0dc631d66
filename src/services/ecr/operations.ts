// Every operation of ECR that Millpond has. The wire layer answers that any other is not implemented: scanning,
// replication, signing, pull-through caches, previews of lifecycle policies.

import type { Operations } from '../../wire/service.ts';
import type { Ecr } from './context.ts';
import { CreateRepository } from './operations/create-repository.ts';
import { DeleteRepository } from './operations/delete-repository.ts';
import { DescribeRegistry, DescribeRepositories } from './operations/describe-repositories.ts';
import { GetAuthorizationToken } from './operations/get-authorization-token.ts';
import { BatchDeleteImage, BatchGetImage, PutImage } from './operations/images.ts';
import {
  BatchCheckLayerAvailability,
  CompleteLayerUpload,
  GetDownloadUrlForLayer,
  InitiateLayerUpload,
  UploadLayerPart,
} from './operations/layers.ts';
import { DescribeImages, ListImages } from './operations/list-images.ts';
import {
  DeleteLifecyclePolicy,
  DeleteRepositoryPolicy,
  GetLifecyclePolicy,
  GetRepositoryPolicy,
  PutImageScanningConfiguration,
  PutImageTagMutability,
  PutLifecyclePolicy,
  SetRepositoryPolicy,
} from './operations/repository-settings.ts';
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, Ecr> = {
  BatchCheckLayerAvailability,
  BatchDeleteImage,
  BatchGetImage,
  CompleteLayerUpload,
  CreateRepository,
  DeleteLifecyclePolicy,
  DeleteRepository,
  DeleteRepositoryPolicy,
  DescribeImages,
  DescribeRegistry,
  DescribeRepositories,
  GetAuthorizationToken,
  GetDownloadUrlForLayer,
  GetLifecyclePolicy,
  GetRepositoryPolicy,
  InitiateLayerUpload,
  ListImages,
  ListTagsForResource,
  PutImage,
  PutImageScanningConfiguration,
  PutImageTagMutability,
  PutLifecyclePolicy,
  SetRepositoryPolicy,
  TagResource,
  UntagResource,
  UploadLayerPart,
};
