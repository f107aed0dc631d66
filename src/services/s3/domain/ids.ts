// Names under which records are stored, such that they sort as S3 lists: buckets' contents by the key's bytes, a
// key's versions newest first. Pure.

/** Everything in S3 is stored under one scope, because a bucket's name means the same to all. */
export const EVERYWHERE = { accountId: 'all', region: 'all' };

// A key may hold any character. The lowest ones are moved up, so that SEPARATOR sorts below all of them.
const SEPARATOR = '\u0001';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to move
const UNESCAPED = /[\u0000-\u0002]/g;

const escapeKey = (key: string): string =>
  key.replace(UNESCAPED, (character) => `\u0002${String.fromCharCode(character.charCodeAt(0) + 1)}`);

export const objectId = (bucket: string, key: string): string => `${bucket}/${escapeKey(key)}`;

/** Where the versions of a key begin, newest first. */
export const versionsFrom = (bucket: string, key: string): string => `${objectId(bucket, key)}${SEPARATOR}`;

export const versionRecordId = (bucket: string, key: string, sequence: number): string =>
  versionsFrom(bucket, key) + (Number.MAX_SAFE_INTEGER - sequence).toString(16).padStart(14, '0');

export const uploadRecordId = (bucket: string, key: string, uploadId: string): string =>
  versionsFrom(bucket, key) + uploadId;

/** Of several of a kind that a bucket has, e.g. `InventoryConfiguration`; without an id, what those of all begin with. */
export const configurationId = (bucket: string, kind: string, id = ''): string => `${bucket}/${kind}/${id}`;

/** What the ids of all parts of an upload begin with. */
export const partsOfUpload = (uploadId: string): string => `${uploadId}/`;

export const partRecordId = (uploadId: string, partNumber: number): string =>
  partsOfUpload(uploadId) + String(partNumber).padStart(5, '0');

/** Beyond everything that begins with `text` (but for what has the last code point of all next). */
export const beyond = (text: string): string => `${text}\u{10FFFF}`;
