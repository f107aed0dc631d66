// The images of one data directory, each unpacked flat: all layers in one directory. An image is there completely or not
// at all: it is unpacked under a name of its own and renamed.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostFailure } from '../../../kernel/errors.ts';
import type { Image, ImageSource } from '../containers.ts';
import { asContainerRoot, type Identities } from '../identities.ts';
import { makeOpen, removeTree } from '../places.ts';
import { type ImageFiles, imageOfEngine } from './engine-images.ts';
import { refusal } from './layer-writer.ts';
import { type Descriptor, readDefaults, readManifest } from './manifest.ts';
import { unpack } from './unpack.ts';
import { BOUNDS } from './unpack-task.ts';

/** `scratch` does not exist, and is deleted when the image is unpacked. */
type FindFiles = (scratch: string) => Promise<ImageFiles>;

/** The contents of image.json. */
interface StoredImage {
  image: Image;
  users: string;
}

const MOST_CONFIG_BYTES = 4 * 1024 ** 2;
const NAME = /^[0-9a-f]{64}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The unpacked images. */
export class ImageStore {
  readonly #directory: string;
  readonly #identities: Identities;
  /** Whose the files of images are. */
  readonly #users: string;
  readonly #pending = new Map<string, Promise<Image>>();

  /** `directory` is theirs alone. */
  constructor(directory: string, identities: Identities) {
    this.#directory = directory;
    this.#identities = identities;
    this.#users = `${identities.kind} ${identities.firstId ?? ''}`;
  }

  /** Deletes what an interrupted attempt left. */
  async begin(): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      if (!NAME.test(name)) await removeTree(join(this.#directory, name));
    }
  }

  /** The image of Millpond's own registry. Rejects with an OperationalError. */
  fromRegistry(registry: NonNullable<ImageSource['registry']>): Promise<Image> {
    return this.#once(registry.digest, async () => {
      checkDigest(registry.digest, registry.manifest);
      const found = readManifest(registry.manifest.toString('utf8'));
      const blob = (descriptor: Descriptor) => textOfBlob(registry.blob, descriptor);
      const manifest = 'manifest' in found ? readManifest(await blob(found.manifest)) : found;
      if ('manifest' in manifest) throw refusal('its index leads to another index');
      const defaults = readDefaults(await blob(manifest.config));
      const layers = await Promise.all(
        manifest.layers.map(async (layer) => ({ ...layer, file: await fileOfBlob(registry.blob, layer) })),
      );
      return { digest: registry.digest, defaults, layers };
    });
  }

  /** An image of the container engine of this machine. Rejects with an OperationalError. */
  async fromEngine(reference: string): Promise<Image> {
    const { digest, files } = await imageOfEngine(reference);
    return this.#once(digest, files);
  }

  /** An image that `files` finds unless it is there. Rejects with an OperationalError. */
  async #once(digest: string, files: FindFiles): Promise<Image> {
    if (!DIGEST.test(digest)) throw refusal(`its digest is ${digest}`);
    let pending = this.#pending.get(digest);
    if (!pending) {
      pending = this.#have(digest, files).finally(() => this.#pending.delete(digest));
      this.#pending.set(digest, pending);
    }
    return pending;
  }

  async #have(digest: string, files: FindFiles): Promise<Image> {
    const place = join(this.#directory, digest.replace('sha256:', ''));
    const there = await readFile(join(place, 'image.json'), 'utf8').catch(() => undefined);
    if (there !== undefined) {
      const { image, users } = JSON.parse(there) as StoredImage;
      if (users === this.#users) return image;
      // Its files belong to others than the users of containers are now.
      await removeTree(place);
    }
    const draft = `${place}.${randomBytes(4).toString('hex')}`;
    try {
      makeOpen(draft);
      const { defaults, layers } = await files(join(draft, 'files'));
      await mkdir(join(draft, 'root'));
      await unpack(
        {
          ...{ root: join(draft, 'root'), layers, bounds: BOUNDS },
          firstId: this.#identities.kind === 'subordinate' ? 0 : this.#identities.firstId,
        },
        (line) => asContainerRoot(this.#identities, line),
      );
      await removeTree(join(draft, 'files'));
      const image: Image = { digest, defaults };
      await writeFile(
        join(draft, 'image.json'),
        JSON.stringify({ image, users: this.#users } satisfies StoredImage),
        { mode: 0o600 },
      );
      await rename(draft, place);
      return image;
    } catch (error) {
      await removeTree(draft);
      throw hostFailure(error, 'The image cannot be unpacked') ?? refusal((error as Error).message);
    }
  }

  /** Deletes all images but these (digests). */
  async prune(keep: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      const isUsed = keep.has(`sha256:${name}`) || this.#pending.has(`sha256:${name}`);
      if (!NAME.test(name) || isUsed) continue;
      const gone = join(this.#directory, `${name}.gone`);
      await rename(join(this.#directory, name), gone);
      await removeTree(gone);
    }
  }

  /** Whether the image is there. */
  has(digest: string): boolean {
    return existsSync(join(this.#directory, digest.replace('sha256:', ''), 'image.json'));
  }
}

type FindBlob = NonNullable<ImageSource['registry']>['blob'];

async function fileOfBlob(find: FindBlob, { digest }: Descriptor): Promise<string> {
  try {
    return await find(digest);
  } catch (error) {
    throw refusal(`${digest} is missing: ${(error as Error).message}`);
  }
}

async function textOfBlob(find: FindBlob, descriptor: Descriptor): Promise<string> {
  const path = await fileOfBlob(find, descriptor);
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size !== descriptor.size || size > MOST_CONFIG_BYTES) {
      throw refusal(`${descriptor.digest} has ${size} bytes, not ${descriptor.size}`);
    }
    const bytes = await file.readFile();
    checkDigest(descriptor.digest, bytes);
    return bytes.toString('utf8');
  } finally {
    await file.close();
  }
}

function checkDigest(digest: string, bytes: Buffer): void {
  if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest) {
    throw refusal(`the content of ${digest} is another one`);
  }
}
