// Why a package of code is not opened. Knows no API: how it is said to a client is up to package-source.ts.

/** AWS: of a function's package, opened. */
export const MAX_UNZIPPED_BYTES = 262_144_000;

export class NotAPackage extends Error {
  override readonly name = 'NotAPackage';
}

export class TooLargeOpened extends Error {
  override readonly name = 'TooLargeOpened';
}

/** Millpond ends: what was begun is done again by the next start. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}
