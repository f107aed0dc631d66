// Pushes an image that a test has written to a registry of Millpond.

import { readFileSync } from 'node:fs';
import type { ECR } from '@aws-sdk/client-ecr';
import type { ImageSource } from '../../src/machines/containers/containers.ts';
import { askWith, OCI_IMAGE, pushBlob, tokenOf, typed } from './registry.ts';

/** Creates the repository; resolves to its URI, to which a tag can be appended. */
export async function pushImage(
  ecr: ECR,
  url: string,
  repositoryName: string,
  { registry }: ImageSource,
  tag = 'latest',
): Promise<string> {
  const { repository } = await ecr.createRepository({ repositoryName });
  const ask = askWith(url, await tokenOf(ecr));
  const { config, layers } = JSON.parse(registry!.manifest.toString()) as Record<
    'config',
    { digest: string }
  > &
    Record<'layers', { digest: string }[]>;
  for (const { digest } of [config, ...layers]) {
    await pushBlob(ask, repositoryName, readFileSync(await registry!.blob(digest)));
  }
  const pushed = await ask('PUT', `${repositoryName}/manifests/${tag}`, {
    ...{ body: registry!.manifest, ...typed(OCI_IMAGE) },
  });
  if (pushed.status !== 201) throw new Error(`${pushed.status}: ${await pushed.text()}`);
  return repository!.repositoryUri!;
}
