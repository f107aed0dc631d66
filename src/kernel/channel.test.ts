import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Duplex, PassThrough } from 'node:stream';
import { it } from 'node:test';
import { createChannel, type Frame } from './channel.ts';

/** A channel whose other end gets the bytes in pieces. */
function between(onFrame: (frame: Frame) => void, pieces: number) {
  const sent = new PassThrough();
  const received = new PassThrough();
  createChannel(received as Duplex, onFrame);
  sent.on('data', (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; at += pieces) received.write(bytes.subarray(at, at + pieces));
  });
  return { channel: createChannel(sent as Duplex, () => {}), received, sent };
}

it('passes frames of any size, cut anywhere, in their order', async () => {
  for (const pieces of [1, 7, 1_000, 100_000]) {
    const payloads = [0, 1, 8, 9, 10, 5_000, 16_384, 16_385, 70_000, pieces === 1 ? 1 : 3_000_000].map(
      (size) => randomBytes(size),
    );
    const received: Frame[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const { channel } = between((frame) => {
      received.push(frame);
      if (received.length === payloads.length + 1) resolve();
    }, pieces);
    channel.send(7, 0xffff_ffff, 'text ü');
    for (const [id, payload] of payloads.entries()) channel.send(id, id, payload);
    await promise;
    assert.deepEqual(received.map(({ payload }) => payload).slice(1), payloads);
    assert.deepEqual(
      [received[0]!.kind, received[0]!.id, received[0]!.payload.toString()],
      [7, 0xffff_ffff, 'text ü'],
    );
    assert.deepEqual(
      received.slice(1).map(({ kind, id }) => [kind, id]),
      payloads.map((_, id) => [id, id]),
    );
  }
});

it('ends when a frame is too long or too short', async () => {
  for (const length of [0, 4, 0x7fff_ffff]) {
    const { received } = between(() => assert.fail(), 100);
    const bytes = Buffer.alloc(9);
    bytes.writeUInt32BE(length);
    received.write(bytes);
    await new Promise((resolve) => received.once('close', resolve));
  }
});

it('takes no notice of what is sent after its end', () => {
  const { channel, sent } = between(() => assert.fail(), 100);
  sent.destroy();
  channel.send(1, 1, 'late');
  assert.equal(channel.queuedBytes(), 0);
});
