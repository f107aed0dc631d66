// Reads the streams in the output of a call into memory.

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

// biome-ignore lint/suspicious/noExplicitAny: the output of any operation
type AnyOutput = Record<string, any>;

/** The output with every stream read to a Buffer, and without the SDK's $metadata. */
export async function bufferOutput(output: AnyOutput): Promise<Record<string, unknown>> {
  const { $metadata: _, ...members } = output;
  for (const [name, value] of Object.entries(members)) {
    if (value instanceof Readable) members[name] = await buffer(value);
    else if (value && !(value instanceof Uint8Array) && typeof value.transformToByteArray === 'function') {
      members[name] = await value.transformToByteArray();
    }
  }
  return members;
}
