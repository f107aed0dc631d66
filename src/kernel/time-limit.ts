// A limit on the wait for something that cannot be interrupted.

/** Settles as `work` does, or rejects with `late()` after `limitMs`. The work itself goes on, and its outcome is ignored. */
export async function within<T>(work: Promise<T>, limitMs: number, late: () => Error): Promise<T> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), limitMs);
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
