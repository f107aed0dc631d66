import { quoted, showPartChecksum } from '../description.ts';
import { checkMaxKeys, keyEncoder, listPage, partMarker } from '../domain/listing.ts';
import { ownerOf } from '../domain/owner.ts';
import type { UploadRecord } from '../domain/records.ts';
import type { Operation } from '../sdk.ts';

/** Throws NoSuchBucket, InvalidArgument. */
export const ListMultipartUploads: Operation<'ListMultipartUploads'> = ({ buckets, uploads }, input) => {
  const { Bucket, Prefix = '', Delimiter = '', KeyMarker = '', UploadIdMarker = '' } = input;
  buckets.get(Bucket, input.ExpectedBucketOwner);
  const limit = checkMaxKeys(input.MaxUploads, 'max-uploads');
  const encode = keyEncoder(input.EncodingType);
  const begun = KeyMarker === '' ? undefined : uploads.find(Bucket, KeyMarker, UploadIdMarker);
  const page = listPage<UploadRecord>(
    (from, count, behind) => uploads.list(Bucket, from, count, behind),
    { prefix: Prefix, delimiter: Delimiter, after: KeyMarker || undefined, limit },
    begun,
  );
  return {
    Bucket,
    Prefix: encode(Prefix),
    Delimiter: Delimiter === '' ? undefined : encode(Delimiter),
    EncodingType: input.EncodingType,
    KeyMarker: encode(KeyMarker),
    UploadIdMarker,
    NextKeyMarker: page.isTruncated ? encode(page.last!) : undefined,
    NextUploadIdMarker: page.isTruncated ? page.items.at(-1)?.uploadId : undefined,
    MaxUploads: limit,
    IsTruncated: page.isTruncated,
    Uploads: page.items.map((upload) => showUpload(upload, encode)),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
};

function showUpload(upload: UploadRecord, encode: (key: string) => string) {
  const owner = ownerOf(upload.accountId);
  return {
    Key: encode(upload.key),
    UploadId: upload.uploadId,
    Initiated: new Date(upload.initiatedAt),
    StorageClass: (upload.description.storageClass ?? 'STANDARD') as 'STANDARD',
    Owner: owner,
    Initiator: owner,
    ChecksumAlgorithm: upload.checksum?.algorithm,
    ChecksumType: upload.checksum?.type,
  };
}

/** Throws NoSuchBucket, NoSuchUpload, InvalidArgument. */
export const ListParts: Operation<'ListParts'> = ({ buckets, uploads }, input) => {
  const { Bucket, Key, UploadId, PartNumberMarker = '0' } = input;
  buckets.get(Bucket, input.ExpectedBucketOwner);
  const upload = uploads.get(Bucket, Key, UploadId);
  const limit = checkMaxKeys(input.MaxParts, 'max-parts');
  const after = partMarker(PartNumberMarker);
  const found = uploads.parts(UploadId, after, limit + 1);
  const page = found.slice(0, limit);
  const owner = ownerOf(upload.accountId);
  return {
    Bucket,
    Key,
    UploadId,
    PartNumberMarker,
    NextPartNumberMarker: String(page.at(-1)?.partNumber ?? 0),
    MaxParts: limit,
    IsTruncated: found.length > page.length,
    Parts: page.map(({ partNumber, lastModified, content }) => ({
      PartNumber: partNumber,
      LastModified: new Date(lastModified),
      ETag: quoted(content.etag),
      Size: content.size,
      ...showPartChecksum(content.checksum),
    })),
    StorageClass: (upload.description.storageClass ?? 'STANDARD') as 'STANDARD',
    Owner: owner,
    Initiator: owner,
    ChecksumAlgorithm: upload.checksum?.algorithm,
    ChecksumType: upload.checksum?.type,
  };
};
