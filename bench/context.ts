// The context of a benchmark, and the cleanup of everything that it starts, however the run ends.

import { type Stoppable, StopStack } from '../src/kernel/disposal.ts';

/** The first argument of every benchmark. */
export interface Bench {
  /** Fewer rounds, for a quick look. */
  readonly quick: boolean;
  /** Selects one of two numbers of rounds. */
  rounds(full: number, quick: number): number;
  /** Stopped in reverse order when the benchmark ends, fails or is interrupted. */
  own<T extends Stoppable>(item: T): T;
  /** Reports progress in one line. */
  say(line: string): void;
}

export interface BenchRun extends Bench {
  giveBack(): Promise<void>;
}

export function createBench(options: { quick: boolean; say(line: string): void }): BenchRun {
  const stack = new StopStack();
  let ended = false;
  return {
    quick: options.quick,
    rounds: (full, quick) => (options.quick ? quick : full),
    own(item) {
      if (!ended) return stack.add(item);
      // Started while the run was being cleaned up.
      void item.stop();
      throw new Error('the benchmark is over');
    },
    say: options.say,
    async giveBack() {
      ended = true;
      await stack.stop();
    },
  };
}
