// A booted instance as the controller sees it: whether its boot is over, and whether it has ended.

import type { Instance } from '../../../machines/instances/instances.ts';
import type { Booted } from './observation.ts';
import { hostKeysIn } from './ssh-files.ts';

/** Follows an instance until it has ended. */
export class LiveInstance {
  readonly instance: Instance;
  #booted: Booted | undefined;
  #hasEnded = false;

  /** `changed` is called when there is something new to see. */
  constructor(instance: Instance, readConsole: () => Promise<Buffer>, changed: () => void) {
    this.instance = instance;
    void this.#boot(readConsole).then(changed);
    void instance.ended.then(() => {
      this.#hasEnded = true;
      changed();
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** `undefined` until its boot is over. */
  get booted(): Booted | undefined {
    return this.#booted;
  }

  async #boot(readConsole: () => Promise<Buffer>): Promise<void> {
    const { noSsh } = await this.instance.booted;
    // Whoever can forge this output has the keys of the instance anyway.
    const output = noSsh === undefined ? await readConsole().catch(() => '') : '';
    this.#booted = { noSsh, hostKeys: hostKeysIn(output.toString()) };
  }
}
