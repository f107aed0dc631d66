// One attempt of the workload against the endpoint, and the kind of its failure. Pure.

/** One attempt. */
export interface Attempt {
  /** Milliseconds on the drill's own clock. */
  startedAt: number;
  endedAt: number;
  /** Absent when it succeeded. */
  error?: string;
}

const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH']);
const TIMEOUT_CODES = new Set(['ETIMEDOUT', 'ETIMEOUT']);
const NAME_CODES = new Set(['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'ENOTIMP', 'EREFUSED']);

/**
 * The kind of a failure in one word: the engine's own (`READONLY`, `LOADING`, `CLUSTERDOWN`…), `connection`,
 * `timeout`, `name`, or `other`.
 */
export function errorKind(error: unknown): string {
  const {
    name,
    code,
    message = '',
    lastNodeError,
  } = error as {
    name?: string;
    code?: string;
    message?: string;
    lastNodeError?: unknown;
  };
  if (lastNodeError) return errorKind(lastNodeError);
  const word = /^[A-Z]{3,}(?= )/.exec(message)?.[0];
  if (name === 'ReplyError' && word) return word;
  if (code !== undefined && NAME_CODES.has(code)) return 'name';
  if ((code !== undefined && TIMEOUT_CODES.has(code)) || /timed? ?out/i.test(message)) return 'timeout';
  if ((code !== undefined && CONNECTION_CODES.has(code)) || /clos|connect|ended|writeable/i.test(message)) {
    return 'connection';
  }
  return 'other';
}
