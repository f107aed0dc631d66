// A hosts file that is updated as names change, for machines where DNS cannot have port 53. It is rewritten in place,
// since a bind mount shows the file, not its path.

import { type FileHandle, readFile } from 'node:fs/promises';

/** Maps lower-case names to their current addresses. */
export type NameTable = Readonly<Record<string, string | readonly string[]>>;

/** Reads the current names. */
export type ReadNames = () => Promise<NameTable>;

const LOOK_EVERY_MS = 200;

/** Our names come first, since the first line of a name wins. */
export function renderHosts(names: NameTable, hostText: string): string {
  const lines = Object.entries(names).flatMap(([name, addresses]) =>
    [addresses].flat().map((address) => `${address} ${name}`),
  );
  return `${lines.join('\n')}\n${hostText}`;
}

/** The text of /etc/hosts; empty when it cannot be read. */
export const hostsOfThisMachine = (): Promise<string> => readFile('/etc/hosts', 'utf8').catch(() => '');

/**
 * Polls the names and writes changes. A failed read leaves the file unchanged. After `stop` resolves nothing is
 * written; the file stays open.
 */
export function followNames(options: {
  file: FileHandle;
  readNames: ReadNames;
  hostText: string;
  firstText: string;
}): { stop(): Promise<void> } {
  const { file, readNames, hostText } = options;
  let shown = options.firstText;
  let longest = Buffer.byteLength(shown);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      const text = renderHosts(await readNames(), hostText);
      if (text !== shown && !stopped) {
        // A single write, never shorter than before: a reader sees the old text or the new, not a mix.
        const octets = Buffer.alloc(Math.max(longest, Buffer.byteLength(text)), '\n');
        octets.write(text);
        await file.write(octets, 0, octets.length, 0);
        longest = octets.length;
        shown = text;
      }
    } catch {
      // Millpond may be restarting; the last known names remain.
    }
    schedule();
  }

  function schedule(): void {
    if (!stopped) timer = setTimeout(() => (looking = look()), LOOK_EVERY_MS);
  }

  schedule();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
