// Errors of unpacking. They know no API; package-source.ts turns them into answers.

/** AWS: the largest unpacked size of a function's package, in bytes. */
export const MAX_UNZIPPED_BYTES = 262_144_000;

/** The bytes are not a valid and safe zip archive. */
export class NotAPackage extends Error {
  override readonly name = 'NotAPackage';
}

/** The unpacked content is over the limit. */
export class TooLargeOpened extends Error {
  override readonly name = 'TooLargeOpened';
}

/** Millpond is stopping; the next start repeats the interrupted work. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}
