// Chooses the program and the environment variables for a runtime's functions. The interpreters are this machine's,
// whatever version the runtime names.

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionSpec } from './function.ts';
import { hostNetworkVariables } from './host-network.ts';
import type { Place } from './isolation-types.ts';
import type { Family, Language } from './language.ts';

/** The kind of the runtime; `undefined` for one that cannot run here. */
export function familyOf(runtime: string): Family | undefined {
  if (/^nodejs/.test(runtime)) return 'node';
  if (/^python3/.test(runtime)) return 'python';
  if (/^ruby/.test(runtime)) return 'ruby';
  return /^(provided|go1\.x$)/.test(runtime) ? 'program' : undefined;
}

/** The version in a runtime's name: `3.12` of `python3.12`, `22` of `nodejs22.x`. */
export const versionOf = (runtime: string): string => /([\d.]*\d)/.exec(runtime)?.[1] ?? '';

/** The language of Node runtimes: Millpond's own Node. */
export function nodeLanguage(): Language {
  const bin = dirname(process.execPath);
  return {
    family: 'node',
    ...(basename(bin) === 'bin' ? { directory: dirname(bin) } : { visible: [bin] }),
    interpreter: basename(process.execPath),
    version: process.versions.node.split('.')[0]!,
  };
}

/** The path of the interpreter as the function sees it. */
export const interpreterOf = (language: Language, place: Place): string =>
  join(place.bin ?? dirname(process.execPath), language.interpreter ?? '');

/** The command that starts an environment. */
export function commandOf(spec: FunctionSpec, language: Language, place: Place): string[] {
  const interpreter = interpreterOf(language, place);
  switch (language.family) {
    case 'node':
      return [interpreter, `--max-old-space-size=${heapMegabytes(spec)}`, join(place.runtime, 'node.cjs')];
    case 'python':
      return [interpreter, '-u', join(place.runtime, 'python.py')];
    case 'ruby':
      return [interpreter, join(place.runtime, 'ruby.rb')];
    case 'program':
      return [join(place.task, 'bootstrap')];
  }
}

/** The program of a package. */
export interface Program {
  /** Its path as the function sees it. */
  path: string;
  /** Its path on this host. */
  file: string;
}

/**
 * AWS: a provided runtime runs `bootstrap` of the package, else of a layer; go1.x runs the file named by the handler.
 */
export async function programOf(spec: FunctionSpec, place: Place): Promise<Program | undefined> {
  const name = spec.runtime === 'go1.x' ? spec.handler : 'bootstrap';
  const within = (directory: string, seen: string): Program => ({
    path: join(seen, name),
    file: join(directory, name),
  });
  const programs = [
    within(spec.codeDirectory, place.task),
    ...spec.layerDirectories
      .toReversed()
      .map((directory, index) => within(directory, place.layers[index] ?? place.layers[0]!)),
  ];
  for (const program of programs) if (await isExecutable(program.file)) return program;
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** Less than the function's memory, so that the garbage collector works before the limit ends the process. */
const heapMegabytes = (spec: FunctionSpec): number =>
  Math.max(64, Math.floor((spec.memoryBytes / 2 ** 20) * 0.9));

/** All variables of an environment. The runtime's own override the function's, which cannot set them. */
export function runtimeVariables(
  spec: FunctionSpec,
  own: Record<string, string>,
  language: Language,
  place: Place,
  runtimeApi: string,
): Record<string, string> {
  const { task, layers, runtime } = place;
  const within = (...paths: string[]) => layers.flatMap((layer) => paths.map((path) => join(layer, path)));
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    HOME: place.temporary,
    ...hostNetworkVariables(process.env, spec.openInterface === undefined),
    ...own,
    PATH: joined([own.PATH, place.bin, '/usr/local/bin', '/usr/bin', '/bin', ...within('bin')]),
    LD_LIBRARY_PATH: joined([own.LD_LIBRARY_PATH, task, join(task, 'lib'), ...within('lib')]),
    ...(language.family === 'node' && {
      NODE_PATH: joined([
        own.NODE_PATH,
        ...within(`nodejs/node${versionOf(spec.runtime)}/node_modules`, 'nodejs/node_modules'),
        join(runtime, 'node'),
        task,
      ]),
      // AWS: Node's runtimes include the SDK. Here it is Millpond's own, as far as installed.
      MILLPOND_SDK_FROM: pathToFileURL(place.sdkFrom).href,
    }),
    ...(language.family === 'python' && {
      PYTHONPATH: joined([own.PYTHONPATH]),
      MILLPOND_LAYERS: joined(
        within(
          `python/lib/python${versionOf(spec.runtime)}/site-packages`,
          `python/lib/python${language.version}/site-packages`,
          'python',
        ),
      ),
    }),
    ...(language.family === 'ruby' && rubyVariables(spec, own, language, place)),
    ...(place.temporary !== '/tmp' && { TMPDIR: place.temporary }),
    LAMBDA_TASK_ROOT: task,
    LAMBDA_RUNTIME_DIR: runtime,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    _HANDLER: spec.handler,
  };
}

/**
 * AWS: finds gems that Bundler put next to the code, and those of layers (documented under Ruby's packages). Gems for
 * the requested version without native parts also work on the interpreter's version.
 */
function rubyVariables(spec: FunctionSpec, own: Record<string, string>, language: Language, place: Place) {
  const abis = [...new Set([language.version, versionOf(spec.runtime)])].map((version) => `${version}.0`);
  const within = (path: string) => place.layers.map((layer) => join(layer, path));
  return {
    GEM_PATH: joined([
      own.GEM_PATH,
      ...abis.map((abi) => join(place.task, 'vendor/bundle/ruby', abi)),
      ...abis.flatMap((abi) => within(`ruby/gems/${abi}`)),
    ]),
    RUBYLIB: joined([own.RUBYLIB, place.task, join(place.runtime, 'lib'), ...within('ruby/lib')]),
  };
}

const joined = (paths: readonly (string | undefined)[]): string => paths.filter(Boolean).join(':');
