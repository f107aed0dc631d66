// Reads manifests of images and indexes: Docker's schema 2 and OCI's. Pure.

import { isDigest } from './digests.ts';

const IMAGE_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;
const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;

export const OCI_IMAGE = IMAGE_TYPES[0];
export const OCI_INDEX = INDEX_TYPES[0];

/** AWS: the largest manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** AWS: the most layers of an image. */
const MOST_LAYERS = 4_200;

/** Content that a manifest refers to. */
export interface Reference {
  digest: string;
  mediaType: string;
  /** Bytes, as the manifest states it. */
  size: number;
}

/** What Millpond knows of a manifest. */
export interface Manifest {
  kind: 'image' | 'index';
  mediaType: string;
  /** Layers and configuration that must be in the repository. */
  blobs: Reference[];
  /** The manifests of an index. */
  children: Reference[];
  /** The type of an artifact: the manifest's own, or its configuration's. */
  artifactType: string | undefined;
  /** The image that this one describes, e.g. one that it signs. It need not exist. */
  subject: string | undefined;
  annotations: Record<string, string> | undefined;
}

/** Why a manifest is refused. The sentence says what is wrong with it. */
export class InvalidManifest extends Error {}

/**
 * `statedType` is the request's content type, if it has one. Throws InvalidManifest for another kind of document, and
 * for references that are not well-formed.
 */
export function parseManifest(text: string, statedType: string | undefined): Manifest {
  const document = parseObject(text);
  const own = textIn(document, 'mediaType');
  const mediaType = statedType ?? own ?? guessType(document);
  if (own !== undefined && own !== mediaType)
    throw new InvalidManifest(
      `The manifest's mediaType is ${shown(own)}, but it is sent as ${shown(mediaType)}.`,
    );
  if (document.schemaVersion !== 2)
    throw new InvalidManifest('Only manifests of schemaVersion 2 are supported.');
  const subject = isObject(document.subject) ? referenceIn(document.subject, 'subject').digest : undefined;
  const common = { mediaType, subject, annotations: annotationsIn(document) };
  const artifactType = textIn(document, 'artifactType');
  if (includes(INDEX_TYPES, mediaType)) {
    const children = listIn(document, 'manifests').map((each) => referenceIn(each, 'manifests'));
    return { kind: 'index', ...common, blobs: [], children, artifactType };
  }
  if (!includes(IMAGE_TYPES, mediaType))
    throw new InvalidManifest(`Manifests of type ${shown(mediaType)} are not supported.`);
  const config = referenceIn(document.config, 'config');
  const layers = listIn(document, 'layers').filter((each) => !isElsewhere(each));
  const blobs = [config, ...layers.map((each) => referenceIn(each, 'layers'))];
  return { kind: 'image', ...common, blobs, children: [], artifactType: artifactType ?? config.mediaType };
}

/** Layers that may not be distributed are fetched from the URLs in the manifest. */
const isElsewhere = (layer: unknown): boolean =>
  isObject(layer) && /nondistributable|\.foreign\./.test(textIn(layer, 'mediaType') ?? '');

const guessType = (document: Record<string, unknown>): string =>
  Array.isArray(document.manifests) ? OCI_INDEX : OCI_IMAGE;

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidManifest('The manifest is not JSON.');
  }
  if (!isObject(value)) throw new InvalidManifest('The manifest is not a JSON object.');
  return value;
}

function referenceIn(value: unknown, place: string): Reference {
  const digest = isObject(value) ? textIn(value, 'digest') : undefined;
  if (!isObject(value) || digest === undefined || !isDigest(digest))
    throw new InvalidManifest(`A descriptor in ${place} has no valid digest.`);
  const { size } = value;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new InvalidManifest(`The descriptor of ${digest} has no valid size.`);
  return { digest, size, mediaType: textIn(value, 'mediaType') ?? '' };
}

function listIn(document: Record<string, unknown>, name: string): unknown[] {
  const list = document[name];
  if (!Array.isArray(list)) throw new InvalidManifest(`The manifest has no list ${name}.`);
  if (list.length > MOST_LAYERS)
    throw new InvalidManifest(`The manifest has more than ${MOST_LAYERS} ${name}.`);
  return list;
}

function annotationsIn({ annotations }: Record<string, unknown>): Record<string, string> | undefined {
  if (!isObject(annotations)) return undefined;
  const texts = Object.entries(annotations).filter(
    (each): each is [string, string] => typeof each[1] === 'string',
  );
  return Object.fromEntries(texts);
}

function textIn(object: Record<string, unknown>, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const includes = (list: readonly string[], text: string): boolean => list.includes(text);

const shown = (text: string): string => JSON.stringify(text.slice(0, 200));
