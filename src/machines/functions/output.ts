// Collects the output of a function's process line by line, for the invocation that it belongs to. Bounded: endless
// output costs itself, not our memory.

import type { Readable } from 'node:stream';
import type { LogLine } from './function.ts';

/** Collected lines. */
export interface Output {
  /** Removes and returns all lines up to now. */
  take(): LogLine[];
  add(text: string): void;
}

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_LINES = 20_000;
/** AWS: an event of CloudWatch Logs has at most 256 KB. */
const LONGEST_LINE = 256 * 1024;

/** Reads all streams. `isForeign` recognises lines of another program on the same streams, which are dropped. */
export function gatherOutput(
  streams: readonly Readable[],
  now: () => number,
  isForeign: (line: string) => boolean = () => false,
): Output {
  let lines: LogLine[] = [];
  let bytes = 0;
  let isCutShort = false;

  function add(text: string): void {
    if (isForeign(text)) return;
    if (bytes >= MOST_BYTES || lines.length >= MOST_LINES) {
      if (!isCutShort) lines.push({ at: now(), text: '[more output than Millpond keeps]' });
      isCutShort = true;
      return;
    }
    bytes += text.length;
    lines.push({ at: now(), text });
  }

  const ends: (() => void)[] = [];
  for (const stream of streams) {
    const decoder = new TextDecoder();
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      if (isCutShort) return;
      rest += decoder.decode(chunk, { stream: true });
      const parts = rest.split('\n');
      rest = parts.pop()!;
      for (const part of parts) add(unfold(part));
      if (rest.length > LONGEST_LINE) flush();
    });
    stream.on('error', () => {});
    const flush = () => {
      if (rest) add(unfold(rest));
      rest = '';
    };
    ends.push(flush);
  }

  return {
    add,
    take() {
      for (const flush of ends) flush();
      const taken = lines;
      lines = [];
      bytes = 0;
      isCutShort = false;
      return taken;
    },
  };
}

/** Runtimes print line breaks inside of an entry as carriage returns. */
const unfold = (text: string): string => text.replace(/\r$/, '').replaceAll('\r', '\n');
