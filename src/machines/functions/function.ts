// The shared types of this folder: a function, an invocation and its outcome. Independent of any AWS API.

import type { NetworkInterface } from '../../network/network.ts';

/** The code and configuration of one version of a function. */
export interface FunctionSpec {
  /** Identifies this code with this configuration; only invocations with the same key share environments. */
  key: string;
  /** e.g. `nodejs22.x`, `python3.12`, `provided.al2023`. */
  runtime: string;
  handler: string;
  /** The unpacked code; must not change while an environment uses it. */
  codeDirectory: string;
  /** The unpacked layers, merged under /opt; later ones overwrite earlier ones. */
  layerDirectories: readonly string[];
  /**
   * Called when an environment starts; the returned function is called when the environment is gone. Code and layers
   * must not change in between. Absent when they never change.
   */
  holdCode?(): () => void;
  /**
   * Opens the network interface of an environment that starts; the environment closes it. Absent where functions share
   * this host's network. An invocation that needs a new environment rejects with its error.
   */
  openInterface?(): Promise<NetworkInterface>;
  /** The variables of a process, except those that the runtime sets. */
  variables(environment: EnvironmentIdentity): Readonly<Record<string, string>>;
  timeoutMs: number;
  memoryBytes: number;
}

/** Identifies one environment of a function. */
export interface EnvironmentIdentity {
  /** 32 hexadecimal digits. */
  id: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

/** One call of a function. */
export interface Invocation {
  requestId: string;
  /** With the qualifier that the caller used. */
  functionArn: string;
  event: Buffer;
  /** JSON. */
  clientContext?: string;
  traceId?: string;
}

/** One line of output. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

/** Why a process never asked for work. */
export interface InitFailure {
  status: 'error' | 'timeout';
  /** The error type in Lambda's log; absent for a timeout. */
  errorType?: string;
}

/** An error that Lambda reports, not the handler. */
export interface PlatformFault {
  /** The error type in Lambda's report. */
  errorType: string;
  /** The additional line in the log, if Lambda prints one. */
  text?: string;
}

/** The result of one invocation. */
export interface Outcome {
  /** The function's answer, or its error as JSON. */
  payload: Buffer;
  contentType: string;
  /** `failed`: the function reported an error. `ended`: its process ended without an answer. */
  status: 'succeeded' | 'failed' | 'timed out' | 'ended';
  /** The environment that ran it; each has its own log stream. */
  environment: EnvironmentIdentity;
  durationMs: number;
  /** Present for an environment's first invocation. */
  init?: { durationMs: number; log: readonly LogLine[]; failure?: InitFailure };
  /** Present when the handler did not answer. */
  fault?: PlatformFault;
  /** The function's output. */
  log: readonly LogLine[];
  /** The peak of the measured memory. */
  memoryBytes: number;
}
