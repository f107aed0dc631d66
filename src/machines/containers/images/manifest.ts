// What manifests and configurations of images say: OCI's and Docker's schema 2. Pure; the texts are hostile.

import { arch } from 'node:os';
import type { ImageDefaults } from '../containers.ts';
import { refusal } from './layer-writer.ts';

/** A blob, as a manifest refers to it. */
export interface Descriptor {
  digest: string;
  size: number;
}

/** A manifest of one platform. */
export interface Manifest {
  config: Descriptor;
  /** The lowest first. */
  layers: Descriptor[];
}

/** More is no image that a person made. Docker's own limit is 125. */
const MOST_LAYERS = 512;
const MOST_TEXTS = 10_000;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** This machine's platform, in the words of images. */
export const PLATFORM = { os: 'linux', architecture: ARCHITECTURES[arch()] ?? arch() };

/** Reads a manifest, or an index: then it is the descriptor of this platform's manifest. Throws an OperationalError. */
export function readManifest(text: string): Manifest | { manifest: Descriptor } {
  const json = parse(text, 'manifest');
  if (Array.isArray(json.manifests)) {
    const ours = json.manifests.map(objectOf).find(({ platform }) => isOurs(objectOf(platform)));
    if (!ours) throw refusal(`it has no manifest for ${PLATFORM.os}/${PLATFORM.architecture}`);
    return { manifest: descriptorOf(ours) };
  }
  if (!Array.isArray(json.layers)) throw refusal('its manifest names no layers');
  if (json.layers.length > MOST_LAYERS) throw refusal(`it has more than ${MOST_LAYERS} layers`);
  return { config: descriptorOf(json.config), layers: json.layers.map(descriptorOf) };
}

/** Reads the list of an archive that an engine saved: the paths of the configuration and of the layers in it. */
export function readArchiveManifest(text: string): { config: string; layers: string[] } {
  const [first] = textAsList(text);
  const { Config: config, Layers: layers } = objectOf(first);
  if (typeof config !== 'string' || !Array.isArray(layers)) throw refusal('its archive names no layers');
  if (layers.length > MOST_LAYERS) throw refusal(`it has more than ${MOST_LAYERS} layers`);
  return { config, layers: layers.map(textOf) };
}

function textAsList(text: string): unknown[] {
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json : [];
  } catch {
    return [];
  }
}

/** Reads the configuration. Throws an OperationalError when it is another platform's. */
export function readDefaults(text: string): ImageDefaults {
  const json = parse(text, 'configuration');
  const { os, architecture } = json;
  if ((os !== undefined || architecture !== undefined) && !isOurs(json)) {
    throw refusal(`it is for ${os}/${architecture}, not for ${PLATFORM.os}/${PLATFORM.architecture}`);
  }
  const config = objectOf(json.config);
  return {
    entryPoint: textsOf(config.Entrypoint),
    command: textsOf(config.Cmd),
    environment: Object.fromEntries(
      textsOf(config.Env).flatMap((pair) => {
        const at = pair.indexOf('=');
        return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)]] : [];
      }),
    ),
    user: textOf(config.User),
    workingDirectory: textOf(config.WorkingDir),
    stopSignal: textOf(config.StopSignal) || 'SIGTERM',
  };
}

const isOurs = ({ os, architecture }: Record<string, unknown>): boolean =>
  os === PLATFORM.os && architecture === PLATFORM.architecture;

function parse(text: string, what: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refusal(`its ${what} is no JSON`);
  }
  return objectOf(json);
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function descriptorOf(value: unknown): Descriptor {
  const { digest, size } = objectOf(value);
  if (typeof digest !== 'string' || !DIGEST.test(digest) || !Number.isSafeInteger(size)) {
    throw refusal('its manifest refers to something without a SHA-256 digest and a size');
  }
  return { digest, size: size as number };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.replaceAll('\0', '') : '');

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.slice(0, MOST_TEXTS).map(textOf) : typeof value === 'string' ? [value] : [];
