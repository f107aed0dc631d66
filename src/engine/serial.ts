// Runs asynchronous calls one at a time, in order. A failed call does not stop the next.

/** Queues a call; resolves or rejects as the call does. */
export type Serial = <T>(act: () => Promise<T>) => Promise<T>;

/** A new, empty queue. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const result = last.then(act);
    last = result.catch(() => {});
    return result;
  };
}
