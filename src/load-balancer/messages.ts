// What Millpond and the process that takes requests tell each other, as frames of kernel/channel.ts. Everything but the bytes of
// invocations is JSON.

import type { NetworkKind } from '../network/network.ts';
import type {
  Balancer,
  BalancerCounts,
  FunctionFailure,
  FunctionReply,
  InvokedFunction,
  ListenerFailure,
  TargetHealth,
} from './load-balancers.ts';

/** Kinds of frames to the process. */
export const TO_PROCESS = { hello: 1, set: 2, remove: 3, reply: 4, leave: 5 } as const;

/** Kinds of frames from the process. */
export const FROM_PROCESS = { done: 16, invoke: 17, counts: 18, health: 19, log: 20 } as const;

/** The first message to a process. */
export interface Hello {
  network: NetworkKind;
  /** PEM: what HTTPS listeners serve. */
  certificate: ServedCertificate;
  /** Encrypts the cookies of sticky sessions, in hexadecimal digits: 32 bytes. */
  cookieKey: string;
}

/** PEM of a private key and of a certificate with its chain. */
export interface ServedCertificate {
  key: string;
  certificates: string;
}

/** `set`, with the id of its answer. */
export interface SetMessage {
  balancer: Balancer;
  /** What an earlier process knew. */
  health: readonly GroupHealth[];
}

/** `remove`. */
export interface RemoveMessage {
  arn: string;
}

/** The answer to `set` or `remove`, with its id. */
export interface DoneMessage {
  failures: readonly ListenerFailure[];
}

/** `counts`. */
export type CountsMessage = readonly BalancerCounts[];

/** `health`: all targets of a group. */
export interface GroupHealth {
  targetGroupArn: string;
  targets: readonly (readonly [string, TargetHealth])[];
}

/** `log`. */
export interface LogMessage {
  level: 'info' | 'warn' | 'error';
  fields: object;
  message: string;
}

const FAILURES: readonly FunctionFailure[] = [
  'denied',
  'error',
  'throttled',
  'missing',
  'tooLarge',
  'internal',
];

/** The payload of `reply`: one byte, 0 for an answer of the function, and the answer. */
export function encodeReply(reply: FunctionReply): Buffer {
  if ('failed' in reply) return Buffer.of(FAILURES.indexOf(reply.failed) + 1);
  return Buffer.concat([Buffer.of(0), reply.payload]);
}

/** The reply of a frame's payload. */
export function decodeReply(payload: Buffer): FunctionReply {
  const first = payload[0];
  return first === 0
    ? { payload: payload.subarray(1) }
    : { failed: FAILURES[(first ?? 0) - 1] ?? 'internal' };
}

/**
 * The payload of `invoke`: the ARNs of the target group and of the function, an end after each, and the event. The group
 * may not be in use any more when it arrives.
 */
export const encodeInvocation = ({ arn, functionArn }: InvokedFunction, event: string): string =>
  `${arn}\0${functionArn}\0${event}`;

/** The parts of an invocation's payload. */
export function decodeInvocation(payload: Buffer): { target: InvokedFunction; event: Buffer } {
  const end = payload.indexOf(0);
  const functionEnd = payload.indexOf(0, end + 1);
  return {
    target: {
      arn: payload.toString('latin1', 0, end),
      functionArn: payload.toString('latin1', end + 1, functionEnd),
    },
    event: payload.subarray(functionEnd + 1),
  };
}
