// The ids of S3's records. They sort as S3 lists: a bucket's contents by the bytes of the key, the versions of a key
// newest first. Pure.

/** All records of S3 are in one scope, because bucket names are global. */
export const EVERYWHERE = { accountId: 'all', region: 'all' };

// A key can contain any character. The lowest ones are escaped, so that SEPARATOR sorts below all of them.
const SEPARATOR = '\u0001';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to move
const UNESCAPED = /[\u0000-\u0002]/g;

const escapeKey = (key: string): string =>
  key.replace(UNESCAPED, (character) => `\u0002${String.fromCharCode(character.charCodeAt(0) + 1)}`);

/** The id of a key's current version. The ids of its other records start with it. */
export const objectId = (bucket: string, key: string): string => `${bucket}/${escapeKey(key)}`;

/** The prefix of a key's versions, which sort newest first. */
export const versionsFrom = (bucket: string, key: string): string => `${objectId(bucket, key)}${SEPARATOR}`;

/** The id of an earlier version. */
export const versionRecordId = (bucket: string, key: string, sequence: number): string =>
  versionsFrom(bucket, key) + (Number.MAX_SAFE_INTEGER - sequence).toString(16).padStart(14, '0');

/** The id of an upload. */
export const uploadRecordId = (bucket: string, key: string, uploadId: string): string =>
  versionsFrom(bucket, key) + uploadId;

/** The id of one of a bucket's configurations, such as an inventory; without `id`, the prefix of all of that kind. */
export const configurationId = (bucket: string, kind: string, id = ''): string => `${bucket}/${kind}/${id}`;

/** The prefix of the parts of an upload. */
export const partsOfUpload = (uploadId: string): string => `${uploadId}/`;

/** The id of a part; parts sort by number. */
export const partRecordId = (uploadId: string, partNumber: number): string =>
  partsOfUpload(uploadId) + String(partNumber).padStart(5, '0');

/** An upper bound of all texts that start with `text`, except those that continue with U+10FFFF. */
export const beyond = (text: string): string => `${text}\u{10FFFF}`;
