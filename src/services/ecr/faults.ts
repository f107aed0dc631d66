// Every error of ECR's API. Texts marked `own` are Millpond's; the others are AWS's, from public reports.

import { Fault } from '../../wire/fault.ts';

const inRegistry = (name: string, registryId: string): string =>
  `the repository with name '${name}' in registry with id '${registryId}'`;

export const invalidParameter = (message: string): Fault => new Fault('InvalidParameterException', message);

export const repositoryNotFound = (name: string, registryId: string): Fault =>
  new Fault(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  );

export const repositoryExists = (name: string, registryId: string): Fault =>
  new Fault(
    'RepositoryAlreadyExistsException',
    `The repository with name '${name}' already exists in the registry with id '${registryId}'`,
  );

export const repositoryNotEmpty = (name: string, registryId: string): Fault =>
  new Fault(
    'RepositoryNotEmptyException',
    `The repository with name '${name}' in registry with id '${registryId}' cannot be deleted because it still contains images`,
  );

/** own */
export const tooManyRepositories = (most: number): Fault =>
  new Fault('LimitExceededException', `The registry already has ${most} repositories.`);

/** own */
export const tooManyImages = (most: number): Fault =>
  new Fault('LimitExceededException', `The repository already has ${most} images.`);

export const policyNotFound = (name: string, registryId: string): Fault =>
  new Fault(
    'RepositoryPolicyNotFoundException',
    `Repository policy does not exist for ${inRegistry(name, registryId)}`,
  );

export const lifecyclePolicyNotFound = (name: string, registryId: string): Fault =>
  new Fault(
    'LifecyclePolicyNotFoundException',
    `Lifecycle policy does not exist for ${inRegistry(name, registryId)}`,
  );

/** AWS: the end of the sentence is not known. */
export const invalidLifecyclePolicy = (reason: string): Fault =>
  invalidParameter(
    `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure:\n${reason}'`,
  );

export const invalidPolicy = (): Fault =>
  invalidParameter(
    "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
  );

export const imageNotFound = (id: string, name: string, registryId: string): Fault =>
  new Fault(
    'ImageNotFoundException',
    `The image with imageId {${id}} does not exist within ${inRegistry(name, registryId)}`,
  );

export const imageExists = (
  digest: string,
  tag: string | undefined,
  name: string,
  registryId: string,
): Fault =>
  new Fault(
    'ImageAlreadyExistsException',
    tag === undefined
      ? `Image with digest '${digest}' already exists in ${inRegistry(name, registryId)}`
      : `Image with digest '${digest}' and tag '${tag}' already exists in ${inRegistry(name, registryId)}`,
  );

export const tagIsImmutable = (tag: string, name: string): Fault =>
  new Fault(
    'ImageTagAlreadyExistsException',
    `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
  );

/** own */
export const digestDoesNotMatch = (given: string, digest: string): Fault =>
  new Fault('ImageDigestDoesNotMatchException', `The manifest's digest is ${digest}, not ${given}.`);

export const invalidManifest = (reason: string): Fault =>
  invalidParameter(`Invalid parameter at 'ImageManifest' failed to satisfy constraint: '${reason}'`);

export const layersNotFound = (digests: readonly string[], name: string, registryId: string): Fault =>
  new Fault(
    'LayersNotFoundException',
    `Layers with digests '[${digests.join(', ')}]' do not exist in ${inRegistry(name, registryId)}`,
  );

export const imagesNotFound = (digests: readonly string[], name: string, registryId: string): Fault =>
  new Fault(
    'ReferencedImagesNotFoundException',
    `Images with digests '[${digests.join(', ')}]' required for pushing image into ${inRegistry(name, registryId)} do not exist`,
  );

export const uploadNotFound = (id: string, name: string, registryId: string): Fault =>
  new Fault(
    'UploadNotFoundException',
    `The upload with id '${id}' does not exist in ${inRegistry(name, registryId)}`,
  );

/** own */
export const emptyUpload = (): Fault => new Fault('EmptyUploadException', 'The upload has no bytes.');

/** own */
export const invalidLayer = (digest: string): Fault =>
  new Fault('InvalidLayerException', `The uploaded bytes do not have the digest ${digest}.`);

/** own */
export const layerExists = (digest: string, name: string, registryId: string): Fault =>
  new Fault(
    'LayerAlreadyExistsException',
    `The layer with digest '${digest}' already exists in ${inRegistry(name, registryId)}`,
  );

/** own */
export const partTooSmall = (least: number): Fault =>
  new Fault('LayerPartTooSmallException', `All parts but the last must have at least ${least} bytes.`);

/** own. `next` is the offset at which the next part must begin. */
export const invalidPart = (
  upload: { registryId: string; repositoryName: string; uploadId: string },
  next: number,
): Fault =>
  new Fault('InvalidLayerPartException', `The next part must begin at byte ${next}.`, {
    members: { ...upload, lastValidByteReceived: next - 1 },
  });

/** own */
export const tooManyUploads = (most: number): Fault =>
  new Fault('ServerException', `${most} uploads are in progress; complete or cancel some of them.`);

/** own */
export const invalidToken = (): Fault => invalidParameter('The next token is invalid.');

/** AWS: a tag that is refused. */
export const invalidTag = (message: string): Fault => new Fault('InvalidTagParameterException', message);

export const tooManyTags = (most: number): Fault =>
  new Fault('TooManyTagsException', `A repository can have at most ${most} tags.`);
