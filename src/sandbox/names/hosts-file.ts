// A hosts file that follows names as they change: for machines where DNS cannot have port 53. It is rewritten in
// place, since a bind mount shows the file and not its path.

import { type FileHandle, readFile } from 'node:fs/promises';

/** Lower-case names to the address or addresses they have now. */
export type NameTable = Readonly<Record<string, string | readonly string[]>>;

export type ReadNames = () => Promise<NameTable>;

const LOOK_EVERY_MS = 200;

/** Our names first: the first line of a name wins. */
export function renderHosts(names: NameTable, hostText: string): string {
  const lines = Object.entries(names).flatMap(([name, addresses]) =>
    [addresses].flat().map((address) => `${address} ${name}`),
  );
  return `${lines.join('\n')}\n${hostText}`;
}

export const hostsOfThisMachine = (): Promise<string> => readFile('/etc/hosts', 'utf8').catch(() => '');

/**
 * Looks at the names again and again and writes those that changed. A look that fails leaves the file as it is.
 * `stop` resolves when nothing is written any more; the file stays open.
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
        // One write and never shorter than before: a reader sees the old text or the new, not half of one.
        const octets = Buffer.alloc(Math.max(longest, Buffer.byteLength(text)), '\n');
        octets.write(text);
        await file.write(octets, 0, octets.length, 0);
        longest = octets.length;
        shown = text;
      }
    } catch {
      // Millpond may be restarting; the last names are the best there are.
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
