// Sends a part of a file over a connection. Two buffers take turns: one is read while the other one is sent, and neither
// is allocated again.

import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { OperationalError } from '../../kernel/errors.ts';

const BUFFER_BYTES = 256 * 1024;

/**
 * Writes bytes `first` to `last`, both included, to `sink`, and does not end it. Rejects when the client closes the
 * connection, and with an OperationalError when the file is too short.
 */
export async function sendFile(file: FileHandle, first: number, last: number, sink: Writable): Promise<void> {
  const size = Math.min(BUFFER_BYTES, last + 1 - first);
  const turns = [0, 1].map(() => ({ buffer: Buffer.allocUnsafeSlow(size), sent: Promise.resolve() }));
  for (let position = first, turn = 0; position <= last; turn ^= 1) {
    const current = turns[turn]!;
    await current.sent;
    const length = Math.min(size, last + 1 - position);
    const { bytesRead } = await file.read(current.buffer, 0, length, position);
    if (bytesRead === 0) throw new OperationalError('StateUnreadable', 'A layer is shorter than it was.');
    position += bytesRead;
    current.sent = written(sink, current.buffer.subarray(0, bytesRead));
    // It is awaited before the buffer's next turn; until then its failure is not unhandled.
    current.sent.catch(() => undefined);
  }
  await Promise.all(turns.map(({ sent }) => sent));
}

/** Resolves when the kernel has the bytes, so that the buffer can be used again. */
function written(sink: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error('the client closed the connection'));
    if (sink.destroyed) return onClose();
    sink.once('close', onClose);
    sink.write(bytes, (error) => {
      sink.off('close', onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}
