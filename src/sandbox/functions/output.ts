// What a function's process prints, gathered line by line for the invocation it belongs to, and bounded: one that
// prints without end costs its own output, never our memory.

import type { Readable } from 'node:stream';
import type { LogLine } from './function.ts';

export interface Output {
  /** Takes all lines up to now. */
  take(): LogLine[];
  add(text: string): void;
}

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_LINES = 20_000;
/** AWS: an event of CloudWatch Logs holds 256 KB. */
const LONGEST_LINE = 256 * 1024;

/** `isForeign`: what another program than the function prints to the same streams, which is left out. */
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

/** Runtimes print the line breaks inside of one entry as carriage returns. */
const unfold = (text: string): string => text.replace(/\r$/, '').replaceAll('\r', '\n');
