// An instance that was booted, by this Millpond or an earlier one.

import { closeSync, constants, existsSync, openSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import {
  type ContainerRecord,
  OwnContainer,
  readIdentity,
  untilShimEnds,
} from '../containers/own-container.ts';
import type { Places } from '../containers/places.ts';
import { FILES } from '../containers/scripts.ts';
import { SSH_DAEMON } from './boot-files.ts';
import { type Entrance, insideLine } from './inside.ts';
import type { Instance } from './instances.ts';
import { BOOTED, INSIDE, OWN } from './places.ts';
import { listenForSsh } from './ssh-listener.ts';

/** What the instance of these files needs to be followed. */
export interface InstancePlaces {
  places: Places;
  entrance: Entrance;
}

/** What is recorded about an instance before it boots. */
export interface InstanceRecord extends ContainerRecord {
  /** Where a process outside listens for SSH, because the instance may not. */
  listensOutside?: { address: string; port: number } | undefined;
}

const MOST_SENTENCE_BYTES = 1000;
/** One connection. It logs where the daemon does. */
const SERVE_SSH = `exec ${SSH_DAEMON} -i -e -f ${INSIDE.programs}/sshd_config 2>>/var/log/sshd.log`;

/** Follows the instance of the record, whose first process is known. */
export function openInstance(record: InstanceRecord, { places, entrance }: InstancePlaces): Instance {
  const directory = join(places.runs, record.id);
  const runInside = () => Promise.reject(new Error('instances have no health checks'));
  const machine = new OwnContainer(record, places, untilShimEnds(directory), runInside);
  const ended = machine.ended.then(() => {});
  const first = readIdentity(join(directory, FILES.started))!;
  const outside = listenOutside(
    record,
    () =>
      machine.pid === undefined
        ? undefined
        : insideLine(entrance, first, record.inside, ['/bin/sh', '-c', SERVE_SSH]),
    directory,
  );
  return {
    ...{ id: record.id, labels: record.labels, startedAt: record.startedAt, ended },
    booted: Promise.all([untilBooted(join(places.roots, record.id, OWN.status), ended), outside]).then(
      ([booted, noSsh]) => (noSsh === undefined ? booted : { noSsh }),
    ),
    get pid() {
      return machine.pid;
    },
    async stop(graceMs) {
      machine.signal('SIGTERM');
      const timer = setTimeout(() => machine.signal('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
    inside: (user, command) =>
      insideLine(entrance, first, record.inside, [`${INSIDE.programs}/login`, user, ...command]),
  };
}

/** Resolves with a sentence when nobody listens. An earlier Millpond may have started the one that does. */
async function listenOutside(
  { listensOutside: place }: InstanceRecord,
  line: () => [string, ...string[]] | undefined,
  directory: string,
): Promise<string | undefined> {
  const serve = place && line();
  if (!serve) return undefined;
  const reason = await listenForSsh(place, directory, serve);
  if (reason === undefined || reason === 'EADDRINUSE') return undefined;
  return `Nothing listens for SSH at ${place.address}, port ${place.port}: ${reason}.`;
}

/** The instance writes to the directory, so what is there may be anything. */
async function untilBooted(directory: string, ended: Promise<void>): Promise<{ noSsh?: string }> {
  const file = join(directory, BOOTED);
  if (!existsSync(directory)) return {};
  let wake = () => {};
  let isOver = false;
  const change = () => wake();
  const watcher = watch(directory, { persistent: false }, change).on('error', change);
  void ended.then(() => {
    isOver = true;
    wake();
  });
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const sentence = readSentence(file);
      if (sentence !== undefined) return sentence === '' ? {} : { noSsh: sentence };
      if (isOver) return {};
      await changed;
    }
  } finally {
    watcher.close();
  }
}

function readSentence(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const bytes = Buffer.alloc(MOST_SENTENCE_BYTES);
    const count = readSync(descriptor, bytes, 0, bytes.length, 0);
    return bytes
      .toString('utf8', 0, count)
      .replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
      .trim();
  } catch {
    // No file.
    return '';
  } finally {
    closeSync(descriptor);
  }
}
