// DNS: packets that are none, and floods of those that are. A query from another socket is answered all the while.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Random, seededRandom } from '../support/random-input.ts';
import type { HostileCase, Outcome } from './cases.ts';
import type { Target } from './measured-millpond.ts';

const FLOOD = 33_000;
const FLOOD_MS = 3_000;
const PACKETS_AT_ONCE = 110;

/** A query of type A for `name`. */
export function query(name: string, id = 1): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'));
  const head = Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

const OURS = 'sts.us-east-1.amazonaws.com';
const FOREIGN = 'www.example.test';

async function answeredWithin(target: Target, packet: Buffer, ms: number): Promise<boolean> {
  const socket = createSocket('udp4');
  // As resolvers do: what a full socket dropped is sent again.
  const ask = () => socket.send(packet, target.dns.port, target.dns.address);
  const asking = setInterval(ask, 1_000);
  try {
    ask();
    const answered = once(socket, 'message').then(() => true);
    return await Promise.race([answered, pause(ms, false)]);
  } finally {
    clearInterval(asking);
    socket.close();
  }
}

/** Sends for three seconds, and asks in between from other sockets: as often as it was answered. */
async function flood(target: Target, packetOf: (index: number) => Buffer): Promise<Outcome[]> {
  const socket: Socket = createSocket('udp4');
  const outcomes: Outcome[] = [];
  const rounds = FLOOD / PACKETS_AT_ONCE;
  let probing: Promise<void> = Promise.resolve();
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < PACKETS_AT_ONCE; index++) {
      socket.send(packetOf(round * PACKETS_AT_ONCE + index), target.dns.port, target.dns.address);
    }
    if (round % 50 === 25) {
      await probing;
      probing = answeredWithin(target, query(OURS, round), 5_000).then((isAnswered) => {
        outcomes.push(isAnswered ? 'answered' : 'none');
      });
    }
    await pause(FLOOD_MS / rounds);
  }
  await probing;
  socket.close();
  return outcomes;
}

const dns = (name: string, run: HostileCase['run']): HostileCase => ({ kind: 'DNS', name, run });

export const dnsCases: HostileCase[] = [
  dns('33,000 queries in three seconds', (target) => flood(target, (index) => query(OURS, index & 0xffff))),
  dns('33,000 queries for names elsewhere', (target) => flood(target, () => query(FOREIGN))),
  dns('33,000 packets of noise', (target) => {
    const random = seededRandom(1);
    return flood(target, () => noise(random));
  }),
  dns('pointers that lead to themselves', async (target) => {
    const looped = query(OURS);
    looped.writeUInt16BE(0xc00c, 12);
    return [await tried(target, looped)];
  }),
  dns('a name of 200 labels', async (target) => [await tried(target, query('a.'.repeat(200).slice(0, -1)))]),
  dns('TCP: 2,000 queries in one piece', (target) => overTcp(target, framed(query(OURS)), 2_000)),
  dns('TCP: 30,000 messages of nothing', (target) => overTcp(target, Buffer.alloc(2), 30_000)),
  dns('TCP: 600 silent connections', async (target) => {
    const { address, port } = target.dns;
    const sockets = Array.from({ length: 600 }, () => connect(port, address).on('error', () => {}));
    await Promise.all(
      sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])),
    );
    const outcomes = await overTcp(target, framed(query(OURS)), 1);
    for (const socket of sockets) socket.destroy();
    return outcomes;
  }),
];

const tried = async (target: Target, packet: Buffer): Promise<Outcome> =>
  (await answeredWithin(target, packet, 5_000)) ? 'answered' : 'none';

function noise(random: Random): Buffer {
  const packet = Buffer.alloc(12 + Math.floor(random() * 80));
  for (let index = 0; index < packet.length; index++) packet[index] = Math.floor(random() * 256);
  packet[2]! &= 0x07;
  packet.writeUInt16BE(1, 4);
  packet.fill(0, 6, 12);
  return packet;
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

async function overTcp(target: Target, frame: Buffer, count: number): Promise<Outcome[]> {
  const socket = connect(target.dns.port, target.dns.address);
  let bytes = 0;
  socket.on('data', (chunk) => (bytes += chunk.length));
  socket.on('error', () => {});
  socket.end(Buffer.concat(Array(count).fill(frame)));
  await once(socket, 'close');
  return [bytes > 0 ? 'answered' : 'none'];
}
