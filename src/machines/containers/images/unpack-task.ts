// What the process that unpacks images is told, and what it answers: lines of JSON.

import type { OperationalCode } from '../../../kernel/errors.ts';

/** Unpacks the layers of an image, in order, into one directory. Paths are absolute. */
export interface UnpackTask {
  /** An empty directory. */
  root: string;
  /** The id on this host of the image's root; absent where all users of the image are one. */
  firstId?: number | undefined;
  layers: readonly Layer[];
  bounds: UnpackBounds;
}

/** One layer, as its manifest describes it. */
export interface Layer {
  file: string;
  /** `sha256:…` of the file. Absent where nobody vouches for one. */
  digest?: string | undefined;
  size?: number | undefined;
}

/** What an image may need. */
export interface UnpackBounds {
  bytes: number;
  /** Files, directories and links, also those that a later layer deletes. */
  entries: number;
  /** What must stay free on the disk. */
  freeBytes: number;
}

/** The answer. */
export type UnpackAnswer =
  | { kind: 'done'; bytes: number; entries: number }
  | { kind: 'refused'; code: OperationalCode; message: string };

/** AWS: the storage of a Fargate task, its image included, is 20 GiB. The others are Millpond's own choice. */
export const BOUNDS: UnpackBounds = {
  bytes: 20 * 1024 ** 3,
  entries: 1_000_000,
  freeBytes: 256 * 1024 ** 2,
};
