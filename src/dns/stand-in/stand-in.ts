// Names outlive Millpond. A shell, which costs next to nothing, holds the DNS server's sockets too, and waits for the end
// of a pipe from here. When Millpond ends without a word it becomes the program that answers from the store as it was
// last committed (src/dns-stand-in.ts); what came meanwhile waits in the sockets. The next Millpond shares the address,
// answers, and replaces the record, at which that program leaves. Linux only.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import type { Duplex } from 'node:stream';
import type { Log } from '../../kernel/log.ts';
import { startTickOf } from '../../kernel/process-identity.ts';
import { descriptorsOf } from './descriptors.ts';
import { deleteStandIn, readStandIn, type StandInFacts, untilGone, writeStandIn } from './record.ts';

export interface StandIn {
  /** Millpond's last word: nobody is to answer after it. Resolves when the process is gone. */
  dismiss(): Promise<void>;
  /** Millpond ends and its nodes run on: what stands in begins to answer. */
  letBegin(): void;
}

export interface StandInOptions {
  dataDir: string;
  facts: StandInFacts;
  /** Node's arguments that start the program. */
  program: readonly string[];
  logFile: string;
  log: Log;
}

const NOBODY: StandIn = { dismiss: async () => {}, letBegin() {} };

/** Descriptors of the child. */
const PIPE = 3;
export const INHERITED = { udp: 4, tcp: 5 };
/** A line is Millpond's last word; the end of the pipe without one is its end. */
const SCRIPT = `read -r word <&${PIPE} && exit 0; exec ${PIPE}<&-; exec "$@"`;

/** To be called once all names are answered here. The one of the Millpond before goes. Never rejects. */
export async function armStandIn(options: StandInOptions): Promise<StandIn> {
  const { dataDir, facts, log } = options;
  const before = readStandIn(dataDir);
  try {
    return await arm(options);
  } catch (error) {
    log.warn({ err: error }, 'names will not outlive this Millpond');
    return NOBODY;
  } finally {
    // If there is nobody new, the old one must not answer beside us either.
    if (before && readStandIn(dataDir)?.pid === before.pid) deleteStandIn(dataDir);
    if (before) {
      void untilGone(before, dataDir).then(() =>
        log.debug({ pid: before.pid, dns: facts.dns }, 'the stand-in has left'),
      );
    }
  }
}

async function arm({ dataDir, facts, program, logFile }: StandInOptions): Promise<StandIn> {
  const sockets = descriptorsOf(facts.dns.address, facts.dns.port);
  if (!sockets) return NOBODY;
  const output = openSync(logFile, 'a', 0o600);
  const child = spawn(
    '/bin/sh',
    ['-c', SCRIPT, 'millpond-dns-stand-in', process.execPath, ...program, dataDir],
    {
      cwd: dataDir,
      detached: true,
      stdio: ['ignore', output, output, 'pipe', sockets.udp, sockets.tcp],
      // Nothing of ours is its business, credentials least of all.
      env: {
        ...{ PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: process.env.TZ },
        // It begins in half the time.
        ...(getCompileCacheDir() && { NODE_COMPILE_CACHE: getCompileCacheDir() }),
      },
    },
  );
  closeSync(output);
  const pipe = child.stdio[PIPE] as Duplex & { unref?(): void };
  pipe.on('error', () => {});
  child.on('error', () => {});
  await once(child, 'spawn');
  child.unref();
  pipe.unref?.();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const record = { ...facts, pid: child.pid!, startTick: startTickOf(child.pid!) ?? '' };
  try {
    writeStandIn(dataDir, record);
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw error;
  }
  return {
    async dismiss() {
      if (readStandIn(dataDir)?.pid === record.pid) deleteStandIn(dataDir);
      child.ref();
      if (child.exitCode === null && child.signalCode === null) {
        pipe.end('end\n');
        await ended;
      }
    },
    letBegin: () => pipe.destroy(),
  };
}

/** For `down`, when no Millpond is left that could: ends what stands in, if anything does. */
export async function endStandIn(dataDir: string): Promise<void> {
  const record = readStandIn(dataDir);
  deleteStandIn(dataDir);
  if (record) await untilGone(record, dataDir);
}
