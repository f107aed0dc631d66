// Broken assumptions. A failed assertion is a bug in Millpond, never a user's mistake: it becomes
// InternalFailure on the wire and the process lives on.

export class Bug extends Error {
  override readonly name = 'Bug';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** For a `switch` that must know every case. */
export function unreachable(value: never, what: string): never {
  throw new Bug(`${what}: unexpected ${JSON.stringify(value)}`);
}
