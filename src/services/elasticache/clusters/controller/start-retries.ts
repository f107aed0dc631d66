// Decides when a node whose engine could not be started is started again: at once a few times, and then after growing
// pauses. Otherwise an engine that cannot load its dump would be started many times a second, forever.

/** The start attempts of nodes, by the fleet's keys. */
export interface StartRetries {
  /** The node is being started. */
  attempted(nodeKey: string): void;
  /** The node answers and has loaded its data, or is gone: its attempts are counted from the beginning. */
  reset(nodeKey: string): void;
  /** Milliseconds until the next attempt; 0 when it may be made now. */
  waitMs(nodeKey: string): number;
}

const IMMEDIATE_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** `now`: milliseconds that never go back. */
export function createStartRetries(now = () => performance.now()): StartRetries {
  const nodes = new Map<string, { attempts: number; notBefore: number }>();
  return {
    attempted(nodeKey) {
      const attempts = (nodes.get(nodeKey)?.attempts ?? 0) + 1;
      const doublings = attempts - IMMEDIATE_ATTEMPTS;
      const pause = doublings < 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** doublings, LONGEST_PAUSE_MS);
      nodes.set(nodeKey, { attempts, notBefore: now() + pause });
    },
    reset: (nodeKey) => void nodes.delete(nodeKey),
    waitMs: (nodeKey) => Math.max(0, (nodes.get(nodeKey)?.notBefore ?? 0) - now()),
  };
}
