// Sends one query to one upstream resolver: over UDP, and again over TCP when the response is truncated.

import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';

/** An upstream resolver. */
export interface Upstream {
  address: string;
  port: number;
}

const HEADER_BYTES = 12;

/**
 * Resolves to the response, with the query's own id; `undefined` when there is none within `timeoutMs`, when the
 * upstream is unreachable, or when `signal` aborts. Never rejects.
 */
export async function askUpstream(
  upstream: Upstream,
  query: Buffer,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  // A random id and, with its own socket, a random port, so that responses cannot be guessed.
  const request = Buffer.from(query);
  request.writeUInt16BE(randomInt(0x10000));
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let response = await overUdp(upstream, request, limited);
  if (response && response[2]! & 0x02) response = (await overTcp(upstream, request, limited)) ?? response;
  if (response) query.copy(response, 0, 0, 2);
  return response;
}

function overUdp(upstream: Upstream, request: Buffer, signal: AbortSignal): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(upstream.address) ? 'udp6' : 'udp4');
    let finished = false;
    const finish = (response?: Buffer) => {
      if (finished) return;
      finished = true;
      signal.removeEventListener('abort', onAbort);
      socket.close();
      resolve(response);
    };
    const onAbort = () => finish();
    // Stays registered: a datagram that is still in flight may fail later.
    socket.on('error', () => finish());
    socket.on('message', (message) => {
      if (answers(message, request)) finish(message);
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) return finish();
    // Connected, so that the kernel drops datagrams from other addresses and reports a closed port at once.
    socket.connect(upstream.port, upstream.address, (error?: unknown) => {
      if (error) finish();
      else if (!finished) socket.send(request);
    });
  });
}

function overTcp(upstream: Upstream, request: Buffer, signal: AbortSignal): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: upstream.address, port: upstream.port });
    let received = Buffer.alloc(0);
    const finish = (response?: Buffer) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(response);
    };
    const onAbort = () => finish();
    socket.on('error', () => finish());
    socket.once('close', () => finish());
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE()) return;
      const message = received.subarray(2, 2 + received.readUInt16BE());
      finish(answers(message, request) ? message : undefined);
    });
    socket.write(framed(request));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

const answers = (message: Buffer, request: Buffer): boolean =>
  message.length >= HEADER_BYTES &&
  (message[2]! & 0x80) !== 0 &&
  message.readUInt16BE() === request.readUInt16BE();

/** Frames a message for DNS over TCP: a two-octet length, then the message. */
export function framed(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(message.length + 2);
  frame.writeUInt16BE(message.length);
  message.copy(frame, 2);
  return frame;
}
