// The images of containers. Of an image in Millpond's ECR, ECR's API has the manifest, and its files are used as they are:
// layers may have gigabytes. All others, and those of another ECR, are asked of the container engine of this machine.

import { parseAwsHost } from '../../../aws/hosts.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Containers, Image, ImageSource } from '../../../machines/containers/containers.ts';
import type { LayerFile } from '../../manifest.ts';
import type { Callees } from '../context.ts';

/** A reference to an image of a registry of ECR. */
export interface EcrReference {
  scope: Scope;
  repositoryName: string;
  imageId: { imageTag: string } | { imageDigest: string };
}

/** `undefined` when the image is not one of ECR. */
export function parseReference(reference: string): EcrReference | undefined {
  const [host, ...path] = reference.split('/');
  const { accountId, region } = parseAwsHost(host ?? '') ?? {};
  if (accountId === undefined || region === undefined || path.length === 0) return undefined;
  const found = /^(?<name>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>.+))?$/.exec(path.join('/'))?.groups;
  if (!found) return undefined;
  const { name, tag = 'latest', digest } = found;
  return {
    scope: { accountId, region },
    repositoryName: name!,
    imageId: digest === undefined ? { imageTag: tag } : { imageDigest: digest },
  };
}

/** Where images come from. */
export interface ImagesOptions {
  ecr: Callees['ecr'];
  containers(): Promise<Containers>;
  /** Absent where ECR is elsewhere. */
  layerFile?: LayerFile | undefined;
}

/**
 * Makes an image ready. `digest` is the one that the task had before a restart of Millpond. Rejects with an error whose
 * message says why the image cannot be had.
 */
export async function prepareImage(
  { ecr, containers, layerFile }: ImagesOptions,
  reference: string,
  digest: string | undefined,
): Promise<Image> {
  const engine = await containers();
  const parsed = parseReference(reference);
  if (!parsed || !layerFile) return engine.prepare({ reference });
  const imageId = digest === undefined ? parsed.imageId : { imageDigest: digest };
  const registry = await manifestOf(ecr, { ...parsed, imageId }, reference);
  const releases: (() => void)[] = [];
  const blob = async (wanted: string) => {
    const { path, release } = await layerFile(wanted);
    releases.push(release);
    return path;
  };
  try {
    return await engine.prepare({ reference, registry: { ...registry, blob } });
  } finally {
    for (const release of releases) release();
  }
}

type Registry = Omit<NonNullable<ImageSource['registry']>, 'blob'>;

/** The manifest for this machine's platform. AWS: the sentences of Fargate's platform 1.4, shortened. */
async function manifestOf(ecr: Callees['ecr'], asked: EcrReference, reference: string): Promise<Registry> {
  const { scope, repositoryName, imageId } = asked;
  const { images = [] } = await ecr.call(
    'BatchGetImage',
    { registryId: scope.accountId, repositoryName, imageIds: [imageId] },
    scope,
  );
  const [image] = images;
  if (!image) {
    throw new Error(
      `pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: ${reference}: not found`,
    );
  }
  const text = image.imageManifest!;
  const { manifests } = JSON.parse(text) as { manifests?: IndexEntry[] };
  if (!Array.isArray(manifests)) return { digest: image.imageId!.imageDigest!, manifest: Buffer.from(text) };
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const fitting = manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === architecture,
  );
  if (!fitting) {
    throw new Error(
      `pull image manifest has been retried 1 time(s): image Manifest does not contain descriptor matching platform 'linux/${architecture}'`,
    );
  }
  return manifestOf(ecr, { ...asked, imageId: { imageDigest: fitting.digest } }, reference);
}

interface IndexEntry {
  digest: string;
  platform?: { os?: string; architecture?: string };
}
