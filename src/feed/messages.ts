// What Millpond and the process of a feed (program.ts) say to each other, as frames of kernel/channel.ts. Messages are in
// V8's own format, because calls of services hold bytes, dates and undefined members.

import { deserialize, serialize } from 'node:v8';
import { type OperationalCode, OperationalError } from '../kernel/errors.ts';
import type { Feed, FeedStatus, FollowedShard } from './feeds.ts';
import { type AwsCalls, CallFailed } from './sink.ts';

/** Kinds of frames to the process. `request` and `answer` have an id. */
export const TO_PROCESS = { hello: 1, nodes: 2, request: 3, answer: 4 } as const;

/** Kinds of frames from the process. `answer` and `call` have an id. */
export const FROM_PROCESS = { started: 16, answer: 17, call: 18, status: 19, log: 20 } as const;

/** The first message to a process. Holds secrets: they are in no argument and no variable. */
export interface Hello {
  feed: Feed;
  /** The feed's own directory: positions, spools, shadows. It exists. */
  directory: string;
  /** Absent until the nodes of its cache are known. */
  nodes?: readonly FollowedShard[] | undefined;
}

/** `nodes`. */
export type NodesMessage = readonly FollowedShard[];

/** `request`: what the process does and then answers. */
export type Request =
  | { do: 'leave'; nodeId: string }
  | { do: 'slots-move'; is: 'beginning' | 'done' }
  | { do: 'drain'; shardId: string }
  /** The process ends after its answer. */
  | { do: 'stop' };

/** `call`: an operation of a service that a sink calls. */
export interface Call {
  service: Parameters<AwsCalls['call']>[0];
  operation: string;
  input: object;
}

/** `answer` to a request or a call, and `started`: it worked, or why it did not. */
export type Answer = { output: unknown } | { failure: Failure };

/** An error of one process in the other. */
export type Failure =
  | { is: 'call'; code: string; message: string; isFinal: boolean }
  | { is: 'operational'; code: OperationalCode; message: string };

/** `status`. */
export type StatusMessage = Omit<FeedStatus, 'pid'>;

/** `log`. */
export interface LogMessage {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: object;
  message: string;
}

/** The bytes of a message. */
export const encode = (message: unknown): Buffer => serialize(message);

/** The message that `encode` was given. Only for bytes of the other process. */
export const decode = <T>(payload: Buffer): T => deserialize(payload) as T;

/** What the other process is told of an error. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CallFailed) {
    const { code, message, isFinal } = error;
    return { is: 'call', code, message, isFinal };
  }
  if (error instanceof OperationalError)
    return { is: 'operational', code: error.code, message: error.message };
  return { is: 'operational', code: 'CommandFailed', message: (error as Error)?.message ?? String(error) };
}

/** The error that `failureOf` was given. */
export const errorOf = (failure: Failure): Error =>
  failure.is === 'call'
    ? new CallFailed(failure.code, failure.message, failure.isFinal)
    : new OperationalError(failure.code, failure.message);
