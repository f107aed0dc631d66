// An upload's bytes on their way to where they are kept: counted, hashed, and compared with what the client says of them.

import { createHash } from 'node:crypto';
import type { ArrivingBody } from '../../wire/service.ts';
import type { ByteRange } from './blobs.ts';
import {
  ALGORITHMS,
  isAlgorithm,
  isWellFormed,
  type RunningChecksum,
  startChecksum,
} from './checksums/algorithms.ts';
import type { Received } from './contents.ts';
import type { Discard, S3 } from './context.ts';
import type { Algorithm, Content } from './domain/records.ts';
import {
  badChecksum,
  badMd5,
  checksumNotImplemented,
  entityTooLarge,
  incompleteBody,
  invalidDigest,
  malformedChecksum,
  missingContentLength,
  severalChecksums,
} from './faults/bodies.ts';
import { filesOf } from './objects.ts';
import { SMALL_BYTES } from './small-contents.ts';

/** AWS: of one upload, and of one part. */
export const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;

/** The members of PutObject and UploadPart that say what the bytes are. */
export interface Claims {
  ContentMD5?: string | undefined;
  ChecksumAlgorithm?: string | undefined;
  ChecksumCRC32?: string | undefined;
  ChecksumCRC32C?: string | undefined;
  ChecksumCRC64NVME?: string | undefined;
  ChecksumSHA1?: string | undefined;
  ChecksumSHA256?: string | undefined;
  ChecksumSHA512?: string | undefined;
  ChecksumMD5?: string | undefined;
  ChecksumXXHASH64?: string | undefined;
  ChecksumXXHASH3?: string | undefined;
  ChecksumXXHASH128?: string | undefined;
}

export type Body = Uint8Array | ArrivingBody | undefined;

const headerOf = (algorithm: string): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

/** The one checksum a client states, if any. Throws InvalidRequest or NotImplemented. */
export function claimedChecksum(claims: Claims): { algorithm: Algorithm; value: string } | undefined {
  const stated = Object.entries(claims).filter(
    ([name, value]) => /^Checksum(?!Algorithm|Type)/.test(name) && value !== undefined,
  );
  if (stated.length > 1) throw severalChecksums();
  const [name, value] = stated[0] ?? [];
  if (name === undefined) return undefined;
  const algorithm = name.slice('Checksum'.length);
  if (!isAlgorithm(algorithm)) throw checksumNotImplemented();
  if (!isWellFormed(algorithm, value as string)) throw malformedChecksum(headerOf(algorithm));
  return { algorithm, value: value as string };
}

/** As claimedChecksum, for the whole of an upload in parts: without the number of parts that may follow. */
export function claimedComposite(claims: Claims): { algorithm: Algorithm; value: string } | undefined {
  const bare = Object.entries(claims).map(([name, value]) => [
    name,
    name.startsWith('Checksum') && typeof value === 'string' ? value.replace(/-\d+$/, '') : value,
  ]);
  return claimedChecksum(Object.fromEntries(bare));
}

/** Which checksum is to be worked out: stated, announced as a trailer, or just asked for. */
function wantedAlgorithm(
  claims: Claims,
  body: Body,
  otherwise: Algorithm | undefined,
): Algorithm | undefined {
  const stated = claimedChecksum(claims)?.algorithm;
  if (stated) return stated;
  const trailers = body && 'trailerNames' in body ? body.trailerNames : [];
  const trailing = trailers.filter((name) => name.startsWith('x-amz-checksum-'));
  const announced = ALGORITHMS.find((algorithm) => trailing.includes(headerOf(algorithm)));
  if (trailing.length > 0 && !announced) throw checksumNotImplemented();
  if (announced) return announced;
  const asked = claims.ChecksumAlgorithm;
  if (asked !== undefined && !isAlgorithm(asked)) throw checksumNotImplemented();
  return (asked as Algorithm | undefined) ?? otherwise;
}

/**
 * Takes the body and describes it as one segment. Throws a Fault where it is not what the client says; then nothing is
 * left of it. `otherwise` is the checksum to work out where the client states none.
 */
export async function receiveContent(
  { contents }: S3,
  body: Body,
  claims: Claims,
  otherwise?: Algorithm,
): Promise<Received> {
  const claimedMd5 = claims.ContentMD5 === undefined ? undefined : checkMd5Form(claims.ContentMD5);
  const algorithm = wantedAlgorithm(claims, body, otherwise);
  const checksum = algorithm && startChecksum(algorithm);
  const md5 = createHash('md5');
  const announced = announcedLength(body);
  const written = await contents.write(await piecesOf(body, announced), (piece, size) => {
    if (size > MAX_UPLOAD_BYTES) throw entityTooLarge(MAX_UPLOAD_BYTES);
    md5.update(piece);
    checksum?.update(piece);
  });
  try {
    if (announced !== written.size) throw incompleteBody();
    const digest = md5.digest();
    if (claimedMd5 !== undefined && claimedMd5 !== digest.toString('base64')) {
      throw badMd5(claimedMd5, digest.toString('base64'));
    }
    const value = checkedSum(checksum, algorithm, claims, body);
    return {
      ...written,
      etag: digest.toString('hex'),
      ...(algorithm && value !== undefined ? { checksum: { algorithm, value, type: 'FULL_OBJECT' } } : {}),
    };
  } catch (error) {
    contents.discard(filesOf(written.segments));
    throw error;
  }
}

/** Base64. Throws BadDigest. */
function checkedSum(
  checksum: RunningChecksum | undefined,
  algorithm: Algorithm | undefined,
  claims: Claims,
  body: Body,
): string | undefined {
  if (!checksum || !algorithm) return undefined;
  const value = checksum.digest().toString('base64');
  const trailer = body && 'trailers' in body ? body.trailers[headerOf(algorithm)] : undefined;
  const claimed = claimedChecksum(claims)?.value ?? trailer;
  if (claimed !== undefined && claimed !== value) throw badChecksum(algorithm);
  return value;
}

function checkMd5Form(text: string): string {
  if (Buffer.from(text, 'base64').length !== 16) throw invalidDigest(text.slice(0, 1024));
  return text;
}

/** AWS: a length must be stated, and then be kept to. */
function announcedLength(body: Body): number {
  if (body === undefined) return 0;
  const { length } = body;
  if (length === undefined) throw missingContentLength();
  if (length > MAX_UPLOAD_BYTES) throw entityTooLarge(MAX_UPLOAD_BYTES);
  return length;
}

/** Of a few bytes there is but one piece: to read them as they come would take longer than all that is done with them. */
async function piecesOf(
  body: Body,
  announced: number,
): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>> {
  if (body === undefined) return [];
  if (body instanceof Uint8Array) return [body];
  return announced <= SMALL_BYTES && body.whole ? [await body.whole()] : body;
}

/** Runs `store` in a transaction; where that fails, nothing is left of the content. */
export async function keeping<T>(
  { contents, changeSoon }: S3,
  content: Received,
  store: (discard: Discard) => T,
): Promise<T> {
  try {
    return await changeSoon(store);
  } catch (error) {
    contents.discard(filesOf(content.segments));
    throw error;
  }
}

/** The bytes of stored content, or a range of them, taken again as content of its own. */
export async function copyContent(
  s3: S3,
  source: Content,
  range: ByteRange | undefined,
  claims: Pick<Claims, 'ChecksumAlgorithm'>,
): Promise<Received> {
  const bytes = s3.contents.read(source.segments, range);
  if (bytes instanceof Uint8Array) return await receiveContent(s3, bytes, claims);
  const body = {
    length: range ? range.last - range.first + 1 : source.size,
    trailerNames: [],
    trailers: {},
    [Symbol.asyncIterator]: () => bytes[Symbol.asyncIterator](),
  };
  try {
    return await receiveContent(s3, body, claims);
  } finally {
    bytes.destroy();
  }
}
