// What the commands of a shard must wait for, and what was waited for already: see resharding.ts.

import type { Drafts, Need } from './drafts.ts';
import { comparePositions, type Position } from './position.ts';
import type { ReshardedShard, Resharding } from './resharding.ts';
import type { ReadCommand } from './shard-reader.ts';

/** Those of one shard. */
export class Needs {
  /** What the shard waits for now. */
  current: Need;
  readonly #shard: ReshardedShard;
  readonly #resharding: Resharding;
  readonly #drafts: Pick<Drafts, 'needOf'>;
  /** Up to there, changes of slots of another home need not wait for that shard. */
  readonly #clearedTo = new Map<string, Position>();
  /** Up to there, the restorations that belong to deletions were noted. */
  #scannedFor: Position = { generation: 0, offset: 0 };
  /** The number of the era whose changes may be handed out. */
  #begun = 0;

  constructor(shard: ReshardedShard, resharding: Resharding, drafts: Pick<Drafts, 'needOf'>) {
    this.#shard = shard;
    this.#resharding = resharding;
    this.#drafts = drafts;
  }

  /** What the command must wait for and was not waited for yet. */
  open(command: ReadCommand, generation: number): Need {
    const position = { generation, offset: command.offset };
    const era = this.#resharding.eras.eraAt({ shardId: this.#shard.id, position });
    if (era.number > this.#begun) return { begins: era };
    const need = this.#drafts.needOf(command, position);
    if (!need || (need !== 'scan' && 'begins' in need)) return need;
    const met = need === 'scan' ? this.#scannedFor : this.#clearedTo.get(need.home);
    return met && comparePositions(position, met) <= 0 ? undefined : need;
  }

  /** `received`: the end of what the shard has received, and so what the others are asked about. */
  async meet(need: Exclude<Need, undefined>, received: Position): Promise<void> {
    this.current = need;
    if (need === 'scan') {
      await this.#resharding.scanned(this.#shard);
      this.#scannedFor = received;
    } else if ('begins' in need) {
      await this.#resharding.begun(this.#shard, need.begins);
      this.#begun = need.begins.number;
    } else {
      await this.#resharding.handedOut(this.#shard, need);
      const end = this.#resharding.eras.endOf(need.era, this.#shard.id);
      this.#clearedTo.set(need.home, end && comparePositions(end, received) < 0 ? end : received);
    }
    this.current = undefined;
  }
}
