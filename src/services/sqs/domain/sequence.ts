// Sequence numbers of FIFO queues. Pure.

/** AWS: sequence numbers have twenty digits and increase, with gaps. This one is below the first. */
const BEFORE_ALL = 18_800_000_000_000_000_000n;
const PER_MILLISECOND = 65_536n;
const STEP = 256n;

/**
 * The sequence number of the next message: above `last`, and that of a message that is sent later is greater, even if
 * the clock was set back in between. `now` is in milliseconds since the epoch.
 */
export function nextSequence(last: string | undefined, now: number): string {
  const byTime = BEFORE_ALL + BigInt(now) * PER_MILLISECOND;
  const following = BigInt(last ?? '0') + STEP;
  return String(byTime > following ? byTime : following);
}
