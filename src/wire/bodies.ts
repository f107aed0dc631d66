// The outputs of calls, with every body whole.

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

// biome-ignore lint/suspicious/noExplicitAny: the output of any operation
type AnyOutput = Record<string, any>;

/** Bodies as bytes, without what only the SDK adds. */
export async function withoutStreams(output: AnyOutput): Promise<Record<string, unknown>> {
  const { $metadata: _, ...members } = output;
  for (const [name, value] of Object.entries(members)) {
    if (value instanceof Readable) members[name] = await buffer(value);
    else if (value && !(value instanceof Uint8Array) && typeof value.transformToByteArray === 'function') {
      members[name] = await value.transformToByteArray();
    }
  }
  return members;
}
