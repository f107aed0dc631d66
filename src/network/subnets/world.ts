// The world: a network namespace of Millpond's own, in a user namespace of its own where Millpond is not root. All nodes
// run in it. A small process, the keeper, keeps it while Millpond is down; Millpond itself keeps it by open files, and
// starts another keeper when somebody ends this one.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { startTickOf } from '../../kernel/process-identity.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { NodesLeft } from '../network.ts';
import { killProcess } from './kill-process.ts';
import { KEEP, setup } from './setup.ts';
import { runTool, tool, whyNoTools } from './tools.ts';
import { whyNoNamespace } from './why-no-namespace.ts';

/** A namespace that is kept. */
export interface World {
  /** A process in it: the keeper. */
  readonly pid: number;
  /** The namespace was there before, with the nodes of an earlier Millpond. */
  readonly isAdopted: boolean;
  /** It is in a user namespace of its own. */
  readonly hasUsers: boolean;
  /** Its folder in the data directory. */
  readonly directory: string;
  /** A file that is the network namespace, for processes in the world: those may not look into Millpond's. */
  readonly namespaceFile: string;
  /**
   * The command line that runs this command in the namespace, in the same process; or in another network namespace of the
   * world's users, which this file is.
   */
  inside(command: readonly string[], namespaceFile?: string): [string, ...string[]];
  /** Runs a tool in the namespace. Resolves to its output; rejects with CommandFailed. */
  run(command: readonly [string, ...string[]], input?: string): Promise<string>;
  /** Stops holding it, as `Network.release`. Without its keeper the namespace goes with the last process in it. */
  release(nodes: NodesLeft): Promise<void>;
}

/** The keeper's record, `network/world.json` in the data directory. */
interface Keeper {
  pid: number;
  startTick: string;
  /** The kernel's name of the network namespace: `net:[4026532281]`. */
  namespace: string;
  /** It is in a user namespace of its own. */
  hasUsers: boolean;
}

const RECORD = 'world.json';
/** An adopted keeper is no child, so its end is not reported. */
const LOOK_EVERY_MS = 2_000;
const READY = 'ready';

/**
 * The world of this data directory: the one that is there, entered through its keeper or through one of `processes`
 * (pids of engines), else a new one. Rejects with NetworkUnavailable when this machine does not allow one, and says why.
 */
export async function openWorld(options: {
  dataDir: string;
  /** Pids of processes that may be in the namespace of a keeper that has ended. */
  processes(): Promise<readonly number[]>;
  log: Log;
}): Promise<World> {
  const directory = join(options.dataDir, 'network');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const before = readKeeper(directory);
  const found = before && (await processIn(before, directory, options.processes));
  if (before && found !== undefined) {
    const isKept = found === before.pid;
    const world = new HeldWorld(directory, { ...before, pid: found }, true, options.log);
    if (isKept) world.watch();
    else await world.keepAgain();
    return world;
  }
  const world = new HeldWorld(directory, await create(directory), false, options.log);
  world.watch();
  return world;
}

/** Ends the keeper of a world that no Millpond holds, if there is one; for `down`. */
export async function endWorld(dataDir: string): Promise<void> {
  const directory = join(dataDir, 'network');
  const keeper = readKeeper(directory);
  if (keeper && isKeeper(keeper, directory)) await endProcess(keeper);
  rmSync(join(directory, RECORD), { force: true });
}

class HeldWorld implements World {
  readonly isAdopted: boolean;
  readonly directory: string;
  #keeper: Keeper;
  readonly #log: Log;
  /** Files that hold the namespaces: while they are open, these exist and can be entered. */
  readonly #files: { net: number; user?: number };
  #timer: NodeJS.Timeout | undefined;
  #isReleased = false;

  constructor(directory: string, keeper: Keeper, isAdopted: boolean, log: Log) {
    this.directory = directory;
    this.#keeper = keeper;
    this.isAdopted = isAdopted;
    this.#log = log;
    const open = (kind: string) => openSync(`/proc/${keeper.pid}/ns/${kind}`, 'r');
    this.#files = { net: open('net'), ...(keeper.hasUsers && { user: open('user') }) };
  }

  get pid(): number {
    return this.#keeper.pid;
  }

  get hasUsers(): boolean {
    return this.#keeper.hasUsers;
  }

  get namespaceFile(): string {
    return `/proc/${this.#keeper.pid}/ns/net`;
  }

  inside(command: readonly string[], namespaceFile?: string): [string, ...string[]] {
    const { net, user } = this.#files;
    return [
      tool('nsenter'),
      ...(user === undefined ? [] : [`--user=${ownFile(user)}`, '--preserve-credentials']),
      ...[`--net=${namespaceFile ?? ownFile(net)}`, '--', ...command],
    ];
  }

  run(command: readonly [string, ...string[]], input?: string): Promise<string> {
    return runTool(this.inside(command), input);
  }

  /** Follows the keeper, and starts another when it ends. */
  watch(): void {
    this.#timer = setInterval(() => {
      if (isKeeper(this.#keeper, this.directory)) return;
      clearInterval(this.#timer);
      this.keepAgain().catch((error) => {
        this.#log.error({ err: error }, 'the network has no keeper process');
        this.watch();
      });
    }, LOOK_EVERY_MS).unref();
  }

  async keepAgain(): Promise<void> {
    if (this.#isReleased) return;
    const child = spawnDetached(this.inside(['/bin/sh', '-c', KEEP]), this.directory);
    await once(child, 'spawn');
    const { namespace, hasUsers } = this.#keeper;
    const keeper = { pid: child.pid!, startTick: startTickOf(child.pid!) ?? '', namespace, hasUsers };
    recordKeeper(child, this.directory, keeper);
    this.#keeper = keeper;
    this.#log.warn({ pid: child.pid }, 'the process that keeps the network had ended; another one keeps it');
    this.watch();
  }

  async release(nodes: NodesLeft): Promise<void> {
    this.#isReleased = true;
    clearInterval(this.#timer);
    for (const file of Object.values(this.#files)) closeSync(file);
    if (nodes === 'running' || (nodes === 'as-found' && this.isAdopted)) return;
    await endProcess(this.#keeper);
    rmSync(join(this.directory, RECORD), { force: true });
  }
}

/** The path of an open file of this process, for other processes. */
export const ownFile = (file: number): string => `/proc/${process.pid}/fd/${file}`;

/** A process in the keeper's namespace: the keeper, else one of the others. */
async function processIn(
  keeper: Keeper,
  directory: string,
  others: () => Promise<readonly number[]>,
): Promise<number | undefined> {
  if (isKeeper(keeper, directory)) return keeper.pid;
  return (await others()).find((pid) => namespaceOf(pid) === keeper.namespace);
}

/** Makes a world and ends it, to see whether this machine allows one. Resolves to the reason when it does not. */
export async function whyNoWorld(): Promise<OperationalError | undefined> {
  try {
    const { child } = await startKeeper(tmpdir());
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    return undefined;
  } catch (error) {
    if (error instanceof OperationalError) return error;
    throw error;
  }
}

async function create(directory: string): Promise<Keeper> {
  const { child, hasUsers } = await startKeeper(directory);
  const pid = child.pid!;
  const keeper = { pid, startTick: startTickOf(pid) ?? '', namespace: namespaceOf(pid) ?? '', hasUsers };
  recordKeeper(child, directory, keeper);
  return keeper;
}

/** From here on it outlives this process. Ends it when it cannot be recorded. */
function recordKeeper(child: ChildProcess, directory: string, keeper: Keeper): void {
  try {
    writeKeeper(directory, keeper);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  child.stdin!.end('\n');
  child.unref();
}

/** Starts a keeper in new namespaces. Resolves when the world is complete. Rejects with NetworkUnavailable. */
async function startKeeper(directory: string): Promise<{ child: ChildProcess; hasUsers: boolean }> {
  const lacking = whyNoTools();
  if (lacking) throw lacking;
  const hasUsers = process.getuid?.() !== 0;
  const unshare = tool('unshare');
  const isolate = [...(hasUsers ? ['--user', '--map-root-user'] : []), '--net', '--'];
  const child = spawnDetached([unshare, ...isolate, '/bin/sh', '-c', setup(READY)], directory, 'pipe');
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(0, 2_000)));
  const ended = new Promise<'ended'>((resolve) => {
    child.once('error', (error) => {
      errors ||= error.message;
      resolve('ended');
    });
    child.once('close', () => resolve('ended'));
  });
  const lines = createInterface({ input: child.stdout! });
  const ready = new Promise<'ready'>((resolve) => lines.once('line', () => resolve('ready')));
  if ((await Promise.race([ready, ended])) === 'ended') throw whyNoNamespace(errors.trim(), hasUsers);
  lines.close();
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { child, hasUsers };
}

function spawnDetached(
  [program, ...args]: [string, ...string[]],
  cwd: string,
  output: 'pipe' | 'ignore' = 'ignore',
) {
  return spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['pipe', output, output],
    // It must not inherit credentials.
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

/** Pid, start tick and namespace must match, because pids are reused. */
const isKeeper = ({ pid, startTick, namespace }: Keeper, directory: string): boolean =>
  startTickOf(pid) === startTick && namespaceOf(pid) === namespace && worksIn(pid, directory);

function worksIn(pid: number, directory: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
  } catch {
    return false;
  }
}

const endProcess = ({ pid, startTick }: Keeper): Promise<void> =>
  killProcess(pid, () => startTickOf(pid) === startTick);

function readKeeper(directory: string): Keeper | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, RECORD), 'utf8')) as Keeper;
  } catch {
    return undefined;
  }
}

function writeKeeper(directory: string, keeper: Keeper): void {
  replaceFile(join(directory, RECORD), JSON.stringify(keeper));
}
