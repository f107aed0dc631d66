// The pointer of an event (`@ptr`), by which GetLogRecord finds it again: its group, stream, time and sequence number
// in base64. AWS's pointers are opaque as well. Pure.

/** The place of an event in an account and region. */
export interface Pointer {
  group: string;
  /** The stream's name. */
  stream: string;
  at: number;
  sequence: number;
}

export const pointerText = ({ group, stream, at, sequence }: Pointer): string =>
  Buffer.from(JSON.stringify([group, stream, at, sequence])).toString('base64');

/** `undefined` for a text that is no pointer. */
export function readPointer(text: string): Pointer | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [group, stream, at, sequence] = parts as unknown[];
  const isPointer =
    typeof group === 'string' &&
    typeof stream === 'string' &&
    Number.isInteger(at) &&
    Number.isInteger(sequence);
  return isPointer ? ({ group, stream, at, sequence } as Pointer) : undefined;
}
