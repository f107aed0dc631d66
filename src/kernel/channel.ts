// A channel between Millpond and a process of its own: length-prefixed frames over one socket. The frames of one turn of
// the event loop are sent together. What they mean is in the messages.ts of each process.
//
//   length of the rest (4 bytes) | kind (1) | id (4) | payload

import type { Duplex } from 'node:stream';

/** One frame. */
export interface Frame {
  kind: number;
  id: number;
  payload: Buffer;
}

/** One end of the channel. */
export interface Channel {
  /** Sends a frame after all earlier ones. Does nothing once the channel is closed. */
  send(kind: number, id: number, payload: Buffer | string): void;
  /** The bytes that wait for the other end. */
  queuedBytes(): number;
}

const LENGTH_BYTES = 4;
const HEAD_BYTES = 9;
/** The largest frame: a request of 1 MB whose every byte needs six in JSON, with its headers. */
const MOST_FRAME_BYTES = 16 * 1024 * 1024;
/** Frames up to this size are copied into one piece, which costs less than a list of pieces. */
const COPIED_BYTES = 16 * 1024;

/** Passes each frame to `onFrame`. A frame that is too long ends the channel: the other end is broken. */
export function createChannel(socket: Duplex, onFrame: (frame: Frame) => void): Channel {
  const frames = new FrameReader(onFrame);
  let waiting: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    if (!frames.read(chunk)) socket.destroy();
  });
  socket.on('error', () => {});

  function flush(): void {
    const pieces = joinSmall(waiting);
    waiting = [];
    if (socket.destroyed) return;
    if (pieces.length > 1) socket.cork();
    for (const piece of pieces) socket.write(piece);
    if (pieces.length > 1) socket.uncork();
  }

  return {
    send(kind, id, payload) {
      if (socket.destroyed) return;
      if (waiting.length === 0) setImmediate(flush);
      if (typeof payload === 'string' || payload.length <= COPIED_BYTES) {
        waiting.push(wholeFrame(kind, id, payload));
      } else {
        waiting.push(head(kind, id, payload.length), payload);
      }
    },
    queuedBytes: () => socket.writableLength + waiting.reduce((sum, { length }) => sum + length, 0),
  };
}

function wholeFrame(kind: number, id: number, payload: Buffer | string): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const frame = Buffer.allocUnsafe(HEAD_BYTES + length);
  writeHead(frame, kind, id, length);
  if (typeof payload === 'string') frame.write(payload, HEAD_BYTES);
  else payload.copy(frame, HEAD_BYTES);
  return frame;
}

function head(kind: number, id: number, length: number): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES);
  writeHead(frame, kind, id, length);
  return frame;
}

function writeHead(frame: Buffer, kind: number, id: number, length: number): void {
  frame.writeUInt32BE(HEAD_BYTES - LENGTH_BYTES + length, 0);
  frame.writeUInt8(kind, LENGTH_BYTES);
  frame.writeUInt32BE(id, LENGTH_BYTES + 1);
}

/** The same bytes in as few pieces as possible, without copying large ones. */
function joinSmall(pieces: readonly Buffer[]): Buffer[] {
  if (pieces.length === 1) return [pieces[0]!];
  const joined: Buffer[] = [];
  let small: Buffer[] = [];
  const close = () => {
    if (small.length > 0) joined.push(small.length === 1 ? small[0]! : Buffer.concat(small));
    small = [];
  };
  for (const piece of pieces) {
    if (piece.length <= COPIED_BYTES + HEAD_BYTES) {
      small.push(piece);
    } else {
      close();
      joined.push(piece);
    }
  }
  close();
  return joined;
}

class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** The bytes of which the next frame can be read. */
  #needed = HEAD_BYTES;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** Returns false when a frame is too long. */
  read(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return true;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#bytes);
    let at = 0;
    this.#needed = HEAD_BYTES;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = LENGTH_BYTES + bytes.readUInt32BE(at);
      if (length > MOST_FRAME_BYTES || length < HEAD_BYTES) return false;
      if (bytes.length - at < length) {
        this.#needed = length;
        break;
      }
      const payload = bytes.subarray(at + HEAD_BYTES, at + length);
      this.#onFrame({
        kind: bytes.readUInt8(at + LENGTH_BYTES),
        id: bytes.readUInt32BE(at + LENGTH_BYTES + 1),
        // A small part of a large chunk would keep all of it in memory.
        payload: payload.length <= COPIED_BYTES ? Buffer.from(payload) : payload,
      });
      at += length;
    }
    this.#chunks = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#bytes = bytes.length - at;
    return true;
  }
}
