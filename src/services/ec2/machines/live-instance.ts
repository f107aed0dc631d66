// A booted instance as the controller sees it: whether its boot is over, and whether it has ended.

import type { Instance } from '../../../machines/instances/instances.ts';

/** Follows an instance until it has ended. */
export class LiveInstance {
  readonly instance: Instance;
  #booted: { noSsh?: string } | undefined;
  #hasEnded = false;

  /** `changed` is called when there is something new to see. */
  constructor(instance: Instance, changed: () => void) {
    this.instance = instance;
    void instance.booted.then(
      (how) => {
        this.#booted = how;
        changed();
      },
      () => undefined,
    );
    void instance.ended.then(() => {
      this.#hasEnded = true;
      changed();
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** `undefined` until its boot is over. */
  get booted(): { noSsh?: string } | undefined {
    return this.#booted;
  }
}
