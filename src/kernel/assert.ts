// Assertions. A failed assertion is a bug in Millpond, not a user's mistake. The wire layer answers it with
// InternalFailure, and the process keeps running.

/** An assumption of the code does not hold. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Throws a Bug with this message when `condition` is falsy. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** Makes the compiler check that a `switch` handles every case. Throws a Bug at run time. */
export function unreachable(value: never, what: string): never {
  throw new Bug(`${what}: unexpected ${JSON.stringify(value)}`);
}
