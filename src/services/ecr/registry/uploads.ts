// Uploads of blobs: in one request, in chunks, or by a mount of another repository's blob.

import { type Digest, parseDigest } from '../domain/digests.ts';
import { finishUpload, mountLayer } from '../layers.ts';
import type { Upload } from '../records.ts';
import { digestInvalid, rangeTo, uploadInvalid, uploadUnknown } from './errors.ts';
import { splitRegistry } from './path.ts';
import { type Answer, type Handlers, type Named, type RegistryRequest, repositoryNamed } from './request.ts';

interface UploadsTarget {
  name: string;
}

interface UploadTarget extends UploadsTarget {
  id: string;
}

/** The handlers of `/v2/NAME/blobs/uploads/`. */
export const uploadsHandlers: Handlers<UploadsTarget> = { POST: begin };

/** The handlers of `/v2/NAME/blobs/uploads/ID`. */
export const uploadHandlers: Handlers<UploadTarget> = {
  GET: report,
  PATCH: append,
  PUT: finish,
  DELETE: cancel,
};

async function begin(request: RegistryRequest, { name }: UploadsTarget): Promise<Answer> {
  const { ecr, query } = request;
  const named = repositoryNamed(request, name);
  const mounted = query.get('mount');
  if (mounted !== null && mount(request, named, mounted)) return created(name, mounted);
  const given = query.get('digest');
  const digest = given === null ? undefined : digestIn(given);
  const upload = ecr.uploads.begin(named.scope, named.repository.id);
  if (!digest) return progress(name, upload, 0);
  try {
    await ecr.uploads.append(upload, request.body, 0);
    return await complete(request, named, name, upload, digest);
  } catch (error) {
    // Nobody knows its id.
    await ecr.uploads.end(named.scope, upload);
    throw error;
  }
}

/** A blob that cannot be mounted is uploaded instead. */
function mount({ ecr, query }: RegistryRequest, { scope, repository }: Named, digest: string): boolean {
  if (!parseDigest(digest)) throw digestInvalid(`${digest.slice(0, 200)} is not a digest.`);
  const from = query.get('from');
  if (from === null) return mountLayer(ecr, scope, repository, digest, undefined);
  const source = ecr.records.repositories.find(scope, splitRegistry(from).name);
  return source !== undefined && mountLayer(ecr, scope, repository, digest, source);
}

async function report(request: RegistryRequest, target: UploadTarget): Promise<Answer> {
  const { upload } = find(request, target);
  return { ...progress(target.name, upload, await request.ecr.uploads.sizeOf(upload)), status: 204 };
}

async function append(request: RegistryRequest, target: UploadTarget): Promise<Answer> {
  const { upload } = find(request, target);
  const size = await request.ecr.uploads.append(upload, request.body, offsetOf(request));
  return progress(target.name, upload, size);
}

async function finish(request: RegistryRequest, target: UploadTarget): Promise<Answer> {
  const { named, upload } = find(request, target);
  const digest = digestIn(request.query.get('digest') ?? '');
  await request.ecr.uploads.append(upload, request.body, offsetOf(request));
  return await complete(request, named, target.name, upload, digest);
}

async function cancel(request: RegistryRequest, target: UploadTarget): Promise<Answer> {
  const { named, upload } = find(request, target);
  await request.ecr.uploads.end(named.scope, upload);
  return { status: 204 };
}

/** Wrong bytes cannot be mended, so they end the upload. */
async function complete(
  { ecr }: RegistryRequest,
  { scope, repository }: Named,
  name: string,
  upload: Upload,
  digest: Digest,
): Promise<Answer> {
  if (await finishUpload(ecr, scope, repository, upload, digest)) return created(name, digest.text);
  await ecr.uploads.end(scope, upload);
  throw digestInvalid(`The uploaded bytes do not have the digest ${digest.text}.`);
}

function find(request: RegistryRequest, { name, id }: UploadTarget): { named: Named; upload: Upload } {
  const named = repositoryNamed(request, name);
  const upload = request.ecr.uploads.find(named.scope, named.repository.id, id);
  if (!upload) throw uploadUnknown();
  return { named, upload };
}

/** Where the chunk begins, as the client states it. */
function offsetOf({ headers }: RegistryRequest): number | undefined {
  const { 'content-range': range, 'content-length': length } = headers;
  if (range === undefined) return undefined;
  const [, first, last] = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/.*)?$/.exec(range) ?? [];
  const stated = Number(last) - Number(first) + 1;
  if (first === undefined || (length !== undefined && Number(length) !== stated))
    throw uploadInvalid('Content-Range does not fit the body.');
  return Number(first);
}

function digestIn(text: string): Digest {
  const digest = parseDigest(text);
  if (!digest) throw digestInvalid('The parameter digest must be the digest of the layer.');
  return digest;
}

const progress = (name: string, { id }: Upload, size: number): Answer => ({
  status: 202,
  headers: { location: `/v2/${name}/blobs/uploads/${id}`, range: rangeTo(size), 'docker-upload-uuid': id },
});

const created = (name: string, digest: string): Answer => ({
  status: 201,
  headers: { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest },
});
