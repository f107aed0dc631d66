// The layers of a repository: BatchCheckLayerAvailability, GetDownloadUrlForLayer, and their upload in parts. Clients of
// the registry use /v2/ instead.

import type { LayerFailure, Layer as ShownLayer } from '@aws-sdk/client-ecr';
import type { RequestContext } from '../../../wire/service.ts';
import { type Ecr, registryOf } from '../context.ts';
import { parseDigest } from '../domain/digests.ts';
import {
  emptyUpload,
  invalidLayer,
  invalidParameter,
  invalidPart,
  layerExists,
  layersNotFound,
  partTooSmall,
  uploadNotFound,
} from '../faults.ts';
import { findLayer, finishUpload } from '../layers.ts';
import type { Upload } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { WrongOffset } from '../uploads.ts';

const MEBIBYTE = 1024 * 1024;
/** AWS: what InitiateLayerUpload proposes, and the least size of all parts but the last. */
const PART_BYTES = 10 * MEBIBYTE;
const LEAST_PART_BYTES = 5 * MEBIBYTE;
const LINK_LIFE_MS = 60 * 60 * 1_000;

interface Named {
  registryId?: string | undefined;
  repositoryName: string;
}

/** Throws RepositoryNotFoundException. */
function named(ecr: Ecr, input: Named, context: RequestContext) {
  const scope = registryOf(context, input.registryId);
  const repository = ecr.records.repositories.existing(scope, input.repositoryName);
  return { scope, repository, ids: { registryId: scope.accountId, repositoryName: repository.name } };
}

/** Throws RepositoryNotFoundException. */
export const BatchCheckLayerAvailability: Operation<'BatchCheckLayerAvailability'> = (
  ecr,
  input,
  context,
) => {
  const { scope, repository } = named(ecr, input, context);
  const layers: ShownLayer[] = [];
  const failures: LayerFailure[] = [];
  for (const layerDigest of input.layerDigests) {
    if (!parseDigest(layerDigest)) {
      const failureReason = 'Invalid request parameters: layer digest should satisfy the regex';
      failures.push({ layerDigest, failureCode: 'InvalidLayerDigest', failureReason });
      continue;
    }
    const layer = findLayer(ecr, scope, repository, layerDigest);
    layers.push(
      layer
        ? { layerDigest, layerAvailability: 'AVAILABLE', layerSize: layer.size }
        : { layerDigest, layerAvailability: 'UNAVAILABLE' },
    );
  }
  return { layers, failures };
};

/** AWS: the URL needs no credentials and is valid for an hour. Throws RepositoryNotFoundException, LayersNotFoundException. */
export const GetDownloadUrlForLayer: Operation<'GetDownloadUrlForLayer'> = (ecr, input, context) => {
  const { scope, repository } = named(ecr, input, context);
  const { layerDigest } = input;
  if (!findLayer(ecr, scope, repository, layerDigest))
    throw layersNotFound([layerDigest], repository.name, scope.accountId);
  const { token } = ecr.authorization.issue(scope, LINK_LIFE_MS, `${repository.name}@${layerDigest}`);
  return {
    downloadUrl: `${ecr.baseUrl()}/v2/${repository.name}/blobs/${layerDigest}?token=${token}`,
    layerDigest,
  };
};

/** Throws RepositoryNotFoundException, ServerException. */
export const InitiateLayerUpload: Operation<'InitiateLayerUpload'> = (ecr, input, context) => {
  const { scope, repository } = named(ecr, input, context);
  return { uploadId: ecr.uploads.begin(scope, repository.id).id, partSize: PART_BYTES };
};

/** Throws RepositoryNotFoundException, UploadNotFoundException, InvalidLayerPartException, InvalidParameterException. */
export const UploadLayerPart: Operation<'UploadLayerPart'> = async (ecr, input, context) => {
  const { scope, ids } = named(ecr, input, context);
  const upload = uploadOf(ecr, input, context);
  const { partFirstByte, partLastByte, layerPartBlob, uploadId } = input;
  if (partLastByte - partFirstByte + 1 !== layerPartBlob.length)
    throw invalidParameter(
      'The part does not have the number of bytes that partFirstByte and partLastByte state.',
    );
  try {
    const size = await ecr.uploads.append(upload, [layerPartBlob], partFirstByte);
    if (layerPartBlob.length < LEAST_PART_BYTES && upload.smallPartEnd === undefined)
      ecr.records.uploads.put(scope, uploadId, { ...upload, smallPartEnd: size });
    return { ...ids, uploadId, lastByteReceived: size - 1 };
  } catch (error) {
    if (error instanceof WrongOffset) throw invalidPart({ ...ids, uploadId }, error.size);
    throw error;
  }
};

/**
 * Throws RepositoryNotFoundException, UploadNotFoundException, EmptyUploadException, InvalidLayerException,
 * LayerAlreadyExistsException, LayerPartTooSmallException.
 */
export const CompleteLayerUpload: Operation<'CompleteLayerUpload'> = async (ecr, input, context) => {
  const { scope, repository, ids } = named(ecr, input, context);
  const upload = uploadOf(ecr, input, context);
  const { uploadId } = input;
  const layerDigest = input.layerDigests[0]!;
  const digest = parseDigest(layerDigest);
  if (!digest) throw invalidLayer(layerDigest);
  const size = await ecr.uploads.sizeOf(upload);
  if (size === 0) throw emptyUpload();
  if (upload.smallPartEnd !== undefined && upload.smallPartEnd !== size) throw partTooSmall(LEAST_PART_BYTES);
  if (findLayer(ecr, scope, repository, layerDigest))
    throw layerExists(layerDigest, repository.name, scope.accountId);
  if (!(await finishUpload(ecr, scope, repository, upload, digest))) throw invalidLayer(layerDigest);
  return { ...ids, uploadId, layerDigest };
};

function uploadOf(ecr: Ecr, input: Named & { uploadId: string }, context: RequestContext): Upload {
  const { scope, repository } = named(ecr, input, context);
  const upload = ecr.uploads.find(scope, repository.id, input.uploadId);
  if (!upload) throw uploadNotFound(input.uploadId, repository.name, scope.accountId);
  return upload;
}
