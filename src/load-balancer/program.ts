// The program that takes the requests of all load balancers, in a process of its own. Millpond starts it
// (load-balancer-process.ts), configures it over the socket that it inherits, and answers its invocations. It ends with
// that socket, and so with Millpond, however that ends.

import { Socket } from 'node:net';
import { createChannel, type Frame } from '../kernel/channel.ts';
import { CHANNEL_FD } from '../kernel/own-program.ts';
import { RunningBalancer, type Surroundings } from './balancer.ts';
import { Counts } from './counts.ts';
import { Invocations } from './invocations.ts';
import type { ListenerFailure } from './load-balancers.ts';
import {
  type DoneMessage,
  decodeReply,
  FROM_PROCESS,
  type GroupHealth,
  type Hello,
  type LogMessage,
  type RemoveMessage,
  type SetMessage,
  TO_PROCESS,
} from './messages.ts';
import { StickyCookies } from './sticky-cookie.ts';

/** How long answers in progress may take once no balancer is left. */
const LEAVE_WITHIN_MS = 60_000;

const socket = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
socket.once('close', () => process.exit());
const channel = createChannel(socket, receive);
const invocations = new Invocations(channel);
const balancers = new Map<string, RunningBalancer>();
const closing = new Set<Promise<void>>();
/** Changes are made one after the other. */
let changes = Promise.resolve();
let surroundings: Surroundings;

const say = (kind: number, id: number, message: object) => channel.send(kind, id, JSON.stringify(message));
const log = (message: LogMessage) => say(FROM_PROCESS.log, 0, message);

function receive({ kind, id, payload }: Frame): void {
  if (kind === TO_PROCESS.reply) return void invocations.replied(id, decodeReply(payload));
  const message: unknown = payload.length > 0 ? JSON.parse(payload.toString()) : undefined;
  switch (kind) {
    case TO_PROCESS.hello:
      surroundings = begin(message as Hello);
      return;
    case TO_PROCESS.set:
      return void change(() => set(id, message as SetMessage));
    case TO_PROCESS.remove:
      return void change(() => remove(id, message as RemoveMessage));
    case TO_PROCESS.leave:
      return void change(leave);
  }
}

function begin(hello: Hello): Surroundings {
  const counts = new Counts((all) => say(FROM_PROCESS.counts, 0, all));
  const reportHealth = (health: GroupHealth) => say(FROM_PROCESS.health, 0, health);
  const cookies = new StickyCookies(Buffer.from(hello.cookieKey, 'hex'));
  return { hello, cookies, counts, invocations, reportHealth, failed };
}

function failed(error: unknown): void {
  const text = String((error as Error | undefined)?.stack ?? error);
  log({ level: 'error', fields: { error: text }, message: 'a load balancer failed' });
}

function change(work: () => Promise<void>): void {
  changes = changes.then(work).catch(failed);
}

async function set(id: number, { balancer, health }: SetMessage): Promise<void> {
  let running = balancers.get(balancer.arn);
  if (!running) balancers.set(balancer.arn, (running = new RunningBalancer(balancer.arn, surroundings)));
  const failures = await running.update(balancer, health).catch((error: unknown) => {
    failed(error);
    const reason = `The load balancer cannot be set up (${(error as Error).message}).`;
    return balancer.listeners.map(({ arn }): ListenerFailure => ({ listenerArn: arn, reason }));
  });
  const done: DoneMessage = { failures };
  say(FROM_PROCESS.done, id, done);
}

async function remove(id: number, { arn }: RemoveMessage): Promise<void> {
  const running = balancers.get(arn);
  balancers.delete(arn);
  if (running) {
    const left = running.close().finally(() => closing.delete(left));
    closing.add(left);
  }
  const done: DoneMessage = { failures: [] };
  say(FROM_PROCESS.done, id, done);
}

/** Ends after the answers in progress. Does not hold up further frames: replies are needed for those answers. */
async function leave(): Promise<void> {
  setTimeout(() => socket.destroy(), LEAVE_WITHIN_MS).unref();
  void Promise.all(closing).then(() => {
    surroundings.counts.report();
    // After what is written in this turn.
    setImmediate(() => setImmediate(() => socket.end(() => socket.destroy())));
  });
}
