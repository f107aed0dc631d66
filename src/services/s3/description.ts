// The description of an object (content type, metadata, tags and so on): from requests to records and back to answers.

import type { Checksum, Description } from './domain/records.ts';
import { parseTagging } from './domain/tags.ts';
import { metadataTooLarge } from './faults/objects.ts';
import { invalidRedirect, invalidStorageClass } from './faults/requests.ts';

const MAX_METADATA_BYTES = 2048;
const STORAGE_CLASSES = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);

/** The members of PutObject, CopyObject and CreateMultipartUpload that describe the object. */
export interface DescribingInput {
  ContentType?: string | undefined;
  CacheControl?: string | undefined;
  ContentDisposition?: string | undefined;
  ContentEncoding?: string | undefined;
  ContentLanguage?: string | undefined;
  Expires?: Date | undefined;
  WebsiteRedirectLocation?: string | undefined;
  StorageClass?: string | undefined;
  Metadata?: Record<string, string> | undefined;
  Tagging?: string | undefined;
}

/** Validates a description. Throws MetadataTooLarge, InvalidStorageClass, InvalidRedirectLocation, InvalidTag. */
export function readDescription(input: DescribingInput): Description {
  const metadata = input.Metadata ?? {};
  const bytes = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (bytes > MAX_METADATA_BYTES) throw metadataTooLarge(bytes);
  if (input.StorageClass !== undefined && !STORAGE_CLASSES.has(input.StorageClass)) {
    throw invalidStorageClass(input.StorageClass.slice(0, 100));
  }
  const redirect = input.WebsiteRedirectLocation;
  if (redirect !== undefined && !/^(\/|https?:\/\/)/.test(redirect)) throw invalidRedirect();
  return {
    ...present('contentType', input.ContentType),
    ...present('cacheControl', input.CacheControl),
    ...present('contentDisposition', input.ContentDisposition),
    ...present('contentEncoding', input.ContentEncoding),
    ...present('contentLanguage', input.ContentLanguage),
    ...present('expires', input.Expires?.getTime()),
    ...present('websiteRedirectLocation', input.WebsiteRedirectLocation),
    ...present('storageClass', input.StorageClass),
    metadata,
    tags: parseTagging(input.Tagging),
  };
}

const present = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [P in K]?: V };

/** AWS: the default content type. */
const DEFAULT_TYPE = 'binary/octet-stream';

/** The members of answers that describe the object. */
export function showDescription(description: Description) {
  const { expires, storageClass, tags } = description;
  return {
    ContentType: description.contentType ?? DEFAULT_TYPE,
    CacheControl: description.cacheControl,
    ContentDisposition: description.contentDisposition,
    ContentEncoding: description.contentEncoding,
    ContentLanguage: description.contentLanguage,
    Expires: expires === undefined ? undefined : new Date(expires),
    WebsiteRedirectLocation: description.websiteRedirectLocation,
    // AWS: these answers omit the class STANDARD.
    StorageClass: storageClass === 'STANDARD' ? undefined : (storageClass as 'STANDARD_IA' | undefined),
    Metadata: description.metadata,
    TagCount: tags.length > 0 ? tags.length : undefined,
  };
}

/** The members with a checksum, such as `ChecksumCRC32`, and its type. */
export function showChecksum(checksum: Checksum | undefined) {
  if (!checksum) return {};
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } as {
    ChecksumCRC32?: string;
    ChecksumType?: 'COMPOSITE' | 'FULL_OBJECT';
  };
}

/** AWS: answers about a part contain the checksum without its type. */
export function showPartChecksum(checksum: Checksum | undefined) {
  const { ChecksumType: _, ...value } = showChecksum(checksum);
  return value;
}

/** An ETag in quotes, as answers show it. */
export const quoted = (etag: string): string => `"${etag}"`;
