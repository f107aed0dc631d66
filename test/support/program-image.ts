// An image with a program for Node and nothing else: this Node, the libraries that it is linked with, and the files of
// the program. Tests cannot fetch a base image.

import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './outside-clients.ts';

/**
 * Writes the image as an OCI layout into `directory`, which it creates; the folder of the program becomes `/program`, in
 * which the entry point `node PROGRAM` is started.
 */
export async function writeProgramImage(directory: string, folder: string, program: string): Promise<void> {
  const root = join(directory, 'root');
  const into = (path: string) => {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    return target;
  };
  copyFileSync(realpathSync(process.execPath), into('bin/node'));
  for (const library of await librariesOf(process.execPath))
    copyFileSync(realpathSync(library), into(library));
  cpSync(folder, into('program'), { recursive: true });
  for (const empty of ['tmp', 'etc', 'proc', 'dev', 'sys']) mkdirSync(join(root, empty), { recursive: true });

  const blobs = join(directory, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const layer = join(directory, 'layer.tar');
  const { code, stderr } = await run('tar', ['-C', root, '--owner=0', '--group=0', '-cf', layer, '.']);
  if (code !== 0) throw new Error(stderr);
  const layerDigest = sha256(readFileSync(layer));
  copyFileSync(layer, join(blobs, layerDigest));
  const blob = (bytes: string) => {
    writeFileSync(join(blobs, sha256(bytes)), bytes);
    return { digest: `sha256:${sha256(bytes)}`, size: bytes.length };
  };
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const config = blob(
    JSON.stringify({
      ...{ architecture, os: 'linux' },
      config: { Entrypoint: ['/bin/node', program], WorkingDir: '/program', Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
    }),
  );
  const media = 'application/vnd.oci.image';
  const manifest = blob(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: `${media}.manifest.v1+json` },
      config: { mediaType: `${media}.config.v1+json`, ...config },
      layers: [
        {
          mediaType: `${media}.layer.v1.tar`,
          ...{ digest: `sha256:${layerDigest}`, size: statSync(layer).size },
        },
      ],
    }),
  );
  const named = { 'org.opencontainers.image.ref.name': 'latest' };
  const index = {
    schemaVersion: 2,
    manifests: [{ mediaType: `${media}.manifest.v1+json`, ...manifest, annotations: named }],
  };
  writeFileSync(join(directory, 'index.json'), JSON.stringify(index));
  writeFileSync(join(directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}

/** The paths that the loader prints. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program]);
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path]) => path!);
}

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
