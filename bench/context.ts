// What every benchmark is given, and how all that it starts is given back, however the run ends.

import { type Stoppable, StopStack } from '../src/kernel/disposal.ts';

export interface Bench {
  /** Fewer rounds, for a first look. */
  readonly quick: boolean;
  /** Of the two numbers of rounds the one that this run wants. */
  rounds(full: number, quick: number): number;
  /** Stopped in reverse order when the benchmark ends, fails or is interrupted. */
  own<T extends Stoppable>(item: T): T;
  /** One line on what is under way. */
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
      // Started while everything was being given back.
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
