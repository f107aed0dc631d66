// Keeps names resolving after a crash of Millpond. A small shell process holds copies of the DNS server's sockets and
// waits for the end of a pipe. When Millpond ends without dismissing it, the shell executes the program that answers
// from the last committed state (src/dns-stand-in.ts); queries that arrive meanwhile wait in the sockets. The next
// Millpond shares the address, answers, and replaces the record, whereupon the program leaves. Linux only.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import type { Duplex } from 'node:stream';
import type { Log } from '../../kernel/log.ts';
import { startTickOf } from '../../kernel/process-identity.ts';
import { descriptorsOf } from './descriptors.ts';
import { deleteStandIn, readStandIn, type StandInFacts, untilGone, writeStandIn } from './record.ts';

/** The armed stand-in of this Millpond. */
export interface StandIn {
  /** Ends the stand-in, so that nobody answers after Millpond. Resolves when its process has ended. */
  dismiss(): Promise<void>;
  /** Lets the stand-in answer from now on: Millpond ends and its nodes keep running. */
  letBegin(): void;
}

/** How to start the stand-in. */
export interface StandInOptions {
  dataDir: string;
  facts: StandInFacts;
  /** The arguments of Node that start the program. */
  program: readonly string[];
  logFile: string;
  /** The folder in /proc that lists the DNS server's sockets, where it is not this process's own. */
  procNet?: string | undefined;
  log: Log;
}

const NO_STAND_IN: StandIn = { dismiss: async () => {}, letBegin() {} };

/** File descriptors of the child. */
const PIPE = 3;
/** File descriptors of the DNS sockets in the child. */
export const INHERITED = { udp: 4, tcp: 5 };
/** A line on the pipe dismisses the shell; the end of the pipe without a line means that Millpond has ended. */
const SCRIPT = `read -r word <&${PIPE} && exit 0; exec ${PIPE}<&-; exec "$@"`;

/**
 * Starts a stand-in and makes the previous one leave. Call it once this process answers for all names. Never rejects.
 */
export async function armStandIn(options: StandInOptions): Promise<StandIn> {
  const { dataDir, facts, log } = options;
  const before = readStandIn(dataDir);
  try {
    return await arm(options);
  } catch (error) {
    log.warn({ err: error }, 'names will not outlive this Millpond');
    return NO_STAND_IN;
  } finally {
    // Without a new stand-in, the old one must not keep answering either.
    if (before && readStandIn(dataDir)?.pid === before.pid) deleteStandIn(dataDir);
    if (before) {
      void untilGone(before, dataDir).then(() =>
        log.debug({ pid: before.pid, dns: facts.dns }, 'the stand-in has left'),
      );
    }
  }
}

async function arm({ dataDir, facts, program, logFile, procNet }: StandInOptions): Promise<StandIn> {
  const sockets = descriptorsOf(facts.dns, procNet);
  if (!sockets) return NO_STAND_IN;
  const output = openSync(logFile, 'a', 0o600);
  const child = spawn(
    '/bin/sh',
    ['-c', SCRIPT, 'millpond-dns-stand-in', process.execPath, ...program, dataDir],
    {
      cwd: dataDir,
      detached: true,
      stdio: ['ignore', output, output, 'pipe', sockets.udp, sockets.tcp],
      // It needs nothing of our environment, and must not get credentials.
      env: {
        ...{ PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: process.env.TZ },
        // The compile cache halves its start time.
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

/** Ends a stand-in that no Millpond controls any more, if there is one; for `down`. */
export async function endStandIn(dataDir: string): Promise<void> {
  const record = readStandIn(dataDir);
  deleteStandIn(dataDir);
  if (record) await untilGone(record, dataDir);
}
