// The open end of a segment: a text file to which every PutLogEvents appends one line of JSON. A crash can cut the last
// line or, after a power failure, leave bytes that are no JSON; reading ends there. Pure.

/** The events of one PutLogEvents, in the order of their sequence numbers. */
export interface Batch {
  /** The stream's number within its group. */
  stream: number;
  ingestedAt: number;
  /** The sequence number of the first event; the others follow. */
  firstSequence: number;
  events: readonly { at: number; message: string }[];
}

/** One line, with its line break. */
export function lineOf({ stream, ingestedAt, firstSequence, events }: Batch): Buffer {
  const values: (number | string)[] = [stream, ingestedAt, firstSequence];
  for (const { at, message } of events) values.push(at, message);
  return Buffer.from(`${JSON.stringify(values)}\n`);
}

/** The batches of a file's bytes. */
export function* batchesIn(bytes: Buffer): Generator<Batch> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) return;
    const values = parsed(bytes.toString('utf8', start, end));
    if (!values) return;
    const [stream, ingestedAt, firstSequence] = values as [number, number, number];
    const events: { at: number; message: string }[] = [];
    for (let index = 3; index + 1 < values.length; index += 2) {
      events.push({ at: values[index] as number, message: values[index + 1] as string });
    }
    yield { stream, ingestedAt, firstSequence, events };
    start = end + 1;
  }
}

function parsed(line: string): (number | string)[] | undefined {
  try {
    const values: unknown = JSON.parse(line);
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}
