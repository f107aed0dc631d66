// Containers: how long one takes from its start to its first line, next to Podman's with the same image, and how fast an
// image is unpacked, next to tar with the same layer.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { silentLog } from '../src/kernel/log.ts';
import { isExecutable, toolAt } from '../src/kernel/programs.ts';
import {
  completed,
  imageOf,
  keepAlive,
  shellLayer,
  specOf,
  type TarEntry,
  tarOf,
} from '../src/machines/containers/containers.fixture.ts';
import type { Containers, Image } from '../src/machines/containers/containers.ts';
import { openContainers } from '../src/machines/containers/own-containers.ts';
import { removeTree } from '../src/machines/containers/places.ts';
import type { Bench } from './context.ts';
import { best, type JudgedRow, p50, row } from './row.ts';

const FILES = 10_000;
const FILE_BYTES = 20_000;
const MEGABYTE = 1e6;

/** Rows of starting and unpacking. */
export async function measureContainers(bench: Bench): Promise<JudgedRow[]> {
  // Podman refuses long paths.
  const directory = mkdtempSync('/tmp/millpond-bench-');
  const release = keepAlive();
  try {
    const containers = await openContainers({ directory: join(directory, 'containers'), log: silentLog });
    return [
      await measureStart(bench, containers, directory),
      await measureUnpack(bench, containers, directory),
    ];
  } finally {
    release();
    spawnSync('umount', [join(directory, 'root/overlay')], { stdio: 'ignore' });
    await removeTree(directory);
  }
}

async function measureStart(bench: Bench, containers: Containers, directory: string): Promise<JudgedRow> {
  const image = await containers.prepare(imageOf([shellLayer()]));
  const podman = preparePodman(directory);
  const [own, peer]: [number[], number[]] = [[], []];
  const rounds = bench.rounds(15, 3);
  for (let round = 0; round <= rounds; round++) {
    bench.say(`containers, start: ${round} of ${rounds}`);
    const ours = await untilFirstLine(containers, image);
    const theirs = podman && (await untilOutput(podman));
    if (round === 0) continue;
    own.push(ours);
    if (theirs !== undefined) peer.push(theirs);
  }
  return row('containers: start to first line; podman run', p50(own), 'ms', {
    ...(peer.length > 0 && { floor: p50(peer), target: { ratioAtMost: 1 } }),
  });
}

async function untilFirstLine(containers: Containers, image: Image): Promise<number> {
  const start = performance.now();
  const container = await containers.start(specOf(image, { command: ['sh', '-c', 'echo first'] }));
  for await (const _ of container.output()) break;
  const took = performance.now() - start;
  await completed(container);
  return took;
}

/** The command that runs the same in Podman; `undefined` where there is none. */
function preparePodman(directory: string): string[] | undefined {
  const program = toolAt('podman', process.env);
  if (!isExecutable(program)) return undefined;
  const [root, run] = [join(directory, 'root'), join(directory, 'run')];
  // With another runtime it does not start on hosts whose control groups are of both versions.
  const flags = ['--root', root, '--runroot', run, '--cgroup-manager', 'cgroupfs', '--runtime', 'runc'];
  const layer = join(directory, 'layer.tar');
  writeFileSync(layer, tarOf(shellLayer()));
  const options = [
    'run',
    '--rm',
    '--network',
    'host',
    '--ulimit',
    'nofile=1024:4096',
    '--ulimit',
    'nproc=4096:4096',
  ];
  const command = [program, ...flags, ...options, 'localhost/bench:latest', 'sh', '-c', 'echo first'];
  try {
    execFileSync(program, [...flags, 'import', layer, 'bench:latest'], { stdio: 'ignore' });
    execFileSync(command[0]!, command.slice(1), { stdio: 'ignore' });
    return command;
  } catch {
    return undefined;
  }
}

async function untilOutput([program, ...args]: string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  const took = performance.now() - start;
  await ended;
  return took;
}

async function measureUnpack(bench: Bench, containers: Containers, directory: string): Promise<JudgedRow> {
  const [own, peer]: [number[], number[]] = [[], []];
  const rounds = bench.rounds(5, 1);
  for (let round = 0; round <= rounds; round++) {
    bench.say(`containers, unpack: ${round} of ${rounds}`);
    // Other contents in each round, because an image is unpacked once.
    const layer = gzipSync(tarOf(filesOf(round)), { level: 1 });
    const source = imageOf([layer]);
    const megabytes = (FILES * FILE_BYTES) / MEGABYTE;
    const start = performance.now();
    await containers.prepare(source);
    const ours = megabytes / ((performance.now() - start) / 1000);
    const theirs = megabytes / (untar(directory, layer, round) / 1000);
    await containers.prune(new Set());
    if (round === 0) continue;
    own.push(ours);
    peer.push(theirs);
  }
  return row('containers: an image of 10,000 files unpacked; tar -xz', best(own), 'MB/s', {
    ...{ floor: best(peer), target: { ratioAtLeast: 0.25 } },
  });
}

function untar(directory: string, layer: Buffer, round: number): number {
  const [archive, target] = [join(directory, 'archive.tar.gz'), join(directory, `untar-${round}`)];
  writeFileSync(archive, layer);
  mkdirSync(target);
  const start = performance.now();
  execFileSync('tar', ['-xzf', archive, '-C', target]);
  return performance.now() - start;
}

/** Half of each file is compressible. */
function filesOf(round: number): TarEntry[] {
  let state = round + 1;
  return Array.from({ length: FILES }, (_, index) => {
    const content = Buffer.alloc(FILE_BYTES, 'text ');
    for (let at = 0; at < FILE_BYTES / 2; at += 4) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      content.writeUInt32LE(state, at);
    }
    return { path: `d${index % 100}/file-${index}`, content };
  });
}
