// Images of the container engine of this machine: Docker's or Podman's program says whether there is one, pulls it if
// there is none, and saves it as an archive, which is read as hostile as any other.

import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError } from '../../../kernel/errors.ts';
import { isExecutable, toolAt } from '../../../kernel/programs.ts';
import type { ImageDefaults } from '../containers.ts';
import { followInside } from './inside-root.ts';
import { refusal } from './layer-writer.ts';
import { readArchiveManifest, readDefaults } from './manifest.ts';
import { unpack } from './unpack.ts';
import { BOUNDS, type Layer } from './unpack-task.ts';

/** An image that lies in files: its configuration's text, and its layers. */
export interface ImageFiles {
  digest: string;
  defaults: ImageDefaults;
  layers: readonly Layer[];
}

/** An image that the engine has. */
export interface EngineImage {
  digest: string;
  /** Saves it into the directory, which must not exist. Rejects with an OperationalError. */
  files(directory: string): Promise<ImageFiles>;
}

/** In this order. Each answers this command with 0 when it can be used. */
const ENGINES: readonly { name: string; probe: readonly string[] }[] = [
  { name: 'docker', probe: ['version', '--format', '{{.Server.Version}}'] },
  { name: 'podman', probe: ['version'] },
];
const REFERENCE = /^[a-zA-Z0-9][\w.\-/:@]{0,499}$/;
const ID = /^(?:sha256:)?([0-9a-f]{64})$/;
const PROBE_MS = 10_000;
const PULL_MS = 1_800_000;
const MOST_OUTPUT = 10_000;
const MOST_TEXT_BYTES = 4 * 1024 ** 2;

/** Rejects with an OperationalError: no engine, or why it has no such image, in its own words. */
export async function imageOfEngine(reference: string): Promise<EngineImage> {
  if (!REFERENCE.test(reference)) throw unavailable(`${reference} is no reference of an image.`);
  const engines: string[] = [];
  for (const { name, probe } of ENGINES) {
    const program = toolAt(name, process.env);
    if (isExecutable(program) && (await run(program, probe, PROBE_MS)).code === 0) engines.push(program);
  }
  const [first] = engines;
  if (first === undefined) {
    throw unavailable(
      `The image ${reference} is not in Millpond's registry, and neither Docker nor Podman runs on this machine.`,
    );
  }
  for (const program of engines) {
    const found = await inspect(program, reference);
    if (found) return found;
  }
  const pulled = await run(first, ['pull', '--', reference], PULL_MS);
  const found = pulled.code === 0 ? await inspect(first, reference) : undefined;
  if (found) return found;
  throw unavailable(lastLine(pulled.errors) || `The image ${reference} cannot be pulled.`);
}

async function inspect(program: string, reference: string): Promise<EngineImage | undefined> {
  const asked = await run(program, ['image', 'inspect', '--format', '{{.Id}}', '--', reference], PROBE_MS);
  const id = ID.exec(asked.output.trim())?.[1];
  if (asked.code !== 0 || id === undefined) return undefined;
  return { digest: `sha256:${id}`, files: (directory) => save(program, reference, id, directory) };
}

async function save(program: string, reference: string, id: string, directory: string): Promise<ImageFiles> {
  await mkdir(directory, { recursive: true });
  const archive = join(directory, 'saved.tar');
  const root = join(directory, 'saved');
  const saved = await run(program, ['save', '--output', archive, '--', reference], PULL_MS);
  if (saved.code !== 0)
    throw unavailable(lastLine(saved.errors) || `The image ${reference} cannot be saved.`);
  await mkdir(root);
  await unpack({ root, layers: [{ file: archive }], bounds: BOUNDS });
  await rm(archive);
  const { config, layers } = readArchiveManifest(textIn(root, 'manifest.json'));
  return {
    ...{ digest: `sha256:${id}`, defaults: readDefaults(textIn(root, config)) },
    layers: layers.map((path) => ({ file: fileIn(root, path) })),
  };
}

/** The file's path without links. Throws an OperationalError when the archive has none. */
function fileIn(root: string, path: string): string {
  let followed: ReturnType<typeof followInside> | undefined;
  try {
    followed = followInside(root, path);
  } catch {
    // Refused below.
  }
  if (!followed?.found?.isFile()) throw refusal(`its archive has no ${path}`);
  return join(root, followed.path);
}

function textIn(root: string, path: string): string {
  const file = openSync(fileIn(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if (fstatSync(file).size > MOST_TEXT_BYTES) throw refusal(`its ${path} is too large`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

const unavailable = (sentence: string) => new OperationalError('ContainersUnavailable', sentence);

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** Without a shell. Never rejects; a program that takes too long is killed. */
function run(
  program: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-MOST_OUTPUT);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-MOST_OUTPUT);
    });
    child.once('error', (error) => {
      errors = error.message;
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, output, errors });
    });
  });
}
