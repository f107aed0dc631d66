// What a function is and what comes of calling it, in words that every file here shares. Nothing of any AWS API.

/** Code, configuration and place of one version of a function. */
export interface FunctionSpec {
  /** Names this code with this configuration: environments are shared under it, and never across. */
  key: string;
  /** e.g. `nodejs22.x`, `python3.12`, `provided.al2023`. */
  runtime: string;
  handler: string;
  /** Unpacked; must not change while an environment uses it. */
  codeDirectory: string;
  /** Unpacked; later ones lie over earlier ones, all together under /opt. */
  layerDirectories: readonly string[];
  /**
   * Called when an environment begins; what it returns is called when all of it is gone. Until then code and layers stay
   * as they are. Absent where nobody changes them.
   */
  holdCode?(): () => void;
  /** All that a process is to see besides what a runtime itself sets. */
  variables(environment: EnvironmentIdentity): Readonly<Record<string, string>>;
  timeoutMs: number;
  memoryBytes: number;
}

/** Of one process of a function. */
export interface EnvironmentIdentity {
  /** 32 hexadecimal digits. */
  id: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

export interface Invocation {
  requestId: string;
  /** As the caller named it. */
  functionArn: string;
  event: Buffer;
  /** JSON. */
  clientContext?: string;
  traceId?: string;
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

/** Why a process did not come to ask for work. */
export interface InitFailure {
  status: 'error' | 'timeout';
  /** As Lambda's log has it; absent for a timeout. */
  errorType?: string;
}

export interface PlatformFault {
  /** As Lambda's report has it. */
  errorType: string;
  /** What Lambda prints of it beside that, where it prints anything. */
  text?: string;
}

export interface Outcome {
  /** What the function answered, or its error as JSON. */
  payload: Buffer;
  contentType: string;
  /** `failed`: it said so itself. `ended`: its process did not live to say anything. */
  status: 'succeeded' | 'failed' | 'timed out' | 'ended';
  /** Every process has a log of its own. */
  environment: EnvironmentIdentity;
  durationMs: number;
  /** Present at a process's first invocation. */
  init?: { durationMs: number; log: readonly LogLine[]; failure?: InitFailure };
  /** Present when it ended in something else than what its handler answered. */
  fault?: PlatformFault;
  /** What the function printed. */
  log: readonly LogLine[];
  /** The most that was seen. */
  memoryBytes: number;
}
