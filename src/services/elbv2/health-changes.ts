// Tells those who wait for a change of the health of a target group's targets.

/** Waits for changes. */
export interface HealthChanges {
  changed(targetGroupArn: string): void;
  /** Resolves at the next change. */
  next(targetGroupArn: string): Promise<void>;
}

/** Nobody waits at first. */
export function healthChanges(): HealthChanges {
  const waiting = new Map<string, { promise: Promise<void>; resolve: () => void }>();
  return {
    changed(targetGroupArn) {
      waiting.get(targetGroupArn)?.resolve();
      waiting.delete(targetGroupArn);
    },
    next(targetGroupArn) {
      let change = waiting.get(targetGroupArn);
      if (!change) waiting.set(targetGroupArn, (change = Promise.withResolvers<void>()));
      return change.promise;
    },
  };
}
