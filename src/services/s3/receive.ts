// Receives the bytes of an upload: they are counted, hashed, stored, and compared with the length and checksums that
// the client states.

import { createHash } from 'node:crypto';
import type { BodyStream } from '../../wire/service.ts';
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

/** AWS: the most bytes of one PutObject and of one part. */
export const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;

/** The members of PutObject and UploadPart that state checksums. */
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

/** The body of an upload; `undefined` if it is empty. */
export type Body = Uint8Array | BodyStream | undefined;

const headerOf = (algorithm: string): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

/**
 * The checksum that a client states, if any. Throws InvalidRequest for several or a malformed one, NotImplemented for
 * an unknown algorithm.
 */
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

/** As `claimedChecksum`, for a whole multipart upload: a number of parts at the end is ignored. */
export function claimedComposite(claims: Claims): { algorithm: Algorithm; value: string } | undefined {
  const bare = Object.entries(claims).map(([name, value]) => [
    name,
    name.startsWith('Checksum') && typeof value === 'string' ? value.replace(/-\d+$/, '') : value,
  ]);
  return claimedChecksum(Object.fromEntries(bare));
}

/** The algorithm to compute: of the stated checksum, of the announced trailer, or the one asked for. */
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
 * Stores the body and returns its content. Throws a Fault if the body is not what the client states; nothing is left of
 * it then. `otherwise` is the algorithm to compute if the client names none.
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

/** The computed checksum in base64. Throws BadDigest if the client states another. */
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

/** AWS: the client must state the length. Throws MissingContentLength, EntityTooLarge. */
function announcedLength(body: Body): number {
  if (body === undefined) return 0;
  const { length } = body;
  if (length === undefined) throw missingContentLength();
  if (length > MAX_UPLOAD_BYTES) throw entityTooLarge(MAX_UPLOAD_BYTES);
  return length;
}

/** A small body is read as one piece, because reading it piece by piece would cost more than all other work on it. */
async function piecesOf(
  body: Body,
  announced: number,
): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>> {
  if (body === undefined) return [];
  if (body instanceof Uint8Array) return [body];
  return announced <= SMALL_BYTES && body.whole ? [await body.whole()] : body;
}

/** Runs `store` in a transaction. If it fails, the received content is discarded. */
export async function storeOrDiscard<T>(
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

/** Copies stored content, or a range of it, as new content. */
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
