// Makes changes of the commands of a shard's stream: which of them are changes of keys, and with which sequence.

import type { Change, Value } from '../change.ts';
import { slotOfKey } from '../key-slot.ts';
import { type Era, rankOf } from './eras.ts';
import { type Position, sequenceOf } from './position.ts';
import type { Resharding } from './resharding.ts';
import { isDeletion, isRestoration } from './restore-scanner.ts';
import type { Shadow } from './shadow.ts';
import type { ReadCommand } from './shard-reader.ts';

/** A change that has no sequence yet. */
export interface Draft {
  key: Buffer;
  kind: Change['kind'];
  database: number;
  position: Position;
  command: readonly Buffer[] | undefined;
  at: number;
  value?: Value;
}

/** What a command must wait for: that this shard was read, or that restorations were noted. See resharding.ts. */
export type Need = { home: string; era: Era } | { begins: Era } | 'scan' | undefined;

/** Makes the changes of one shard. */
export class Drafts {
  readonly #shardId: string;
  readonly #cache: string;
  readonly #resharding: Resharding;
  readonly #shadow: Shadow | undefined;

  constructor(
    shardId: string,
    { cache, resharding, shadow }: { cache: string; resharding: Resharding; shadow: Shadow | undefined },
  ) {
    this.#shadow = shadow;
    this.#shardId = shardId;
    this.#cache = cache;
    this.#resharding = resharding;
  }

  needOf({ effect, args }: ReadCommand, position: Position): Need {
    const place = { shardId: this.#shardId, position };
    const { eras } = this.#resharding;
    const era = eras.eraAt(place);
    const isWhole = eras.isWhole(place);
    if (isWhole && !era.hasMoves) return undefined;
    if (effect.kind !== 'keys') return undefined;
    for (const { key } of isWhole ? [] : effect.keys) {
      const home = eras.homeAt(place, slotOfKey(key));
      if (home !== undefined && home !== this.#shardId) return { home, era };
    }
    return era.hasMoves && isDeletion(args) ? 'scan' : undefined;
  }

  /** The changes of the commands, which need not wait any longer. */
  of(commands: readonly ReadCommand[], generation: number): Draft[] {
    const drafts: Draft[] = [];
    for (const { effect, args, database: selected, offset, at } of commands) {
      if (effect.kind !== 'keys') continue;
      const position = { generation, offset };
      const era = this.#resharding.eras.eraAt({ shardId: this.#shardId, position });
      const isPlain = !era.hasMoves;
      const isMove = isRestoration(args);
      for (const { key, isDeleted, database = selected } of effect.keys) {
        if (isMove) {
          this.#resharding.moved.restored(key, this.#shardId, position);
          this.#shadow?.written(this.#shardId, generation, { database, key });
          // The key is what it was. When the changes before are not known, it is said what it is.
          const home = this.#resharding.eras.homeAt({ shardId: this.#shardId, position }, slotOfKey(key));
          const isKnown =
            home !== undefined && home !== this.#shardId && this.#resharding.isUnbroken(home, era);
          if (!isKnown) drafts.push({ key, kind: 'sync', database, position, command: undefined, at });
          continue;
        }
        if (isDeleted && !isPlain && isDeletion(args)) {
          if (this.#resharding.moved.hasMoved(key, this.#shardId, position)) continue;
        }
        const kind = isDeleted ? 'delete' : 'write';
        if (isDeleted) this.#shadow?.deleted({ database, key });
        else this.#shadow?.written(this.#shardId, generation, { database, key });
        drafts.push({ key, kind, database, position, command: args, at });
      }
    }
    return drafts;
  }

  /** Gives each its sequence. */
  finish(drafts: readonly Draft[]): Change[] {
    return drafts.map(({ key, kind, database, position, command, at, value }) => ({
      sequence: sequenceOf(this.#rankOf(key, position), position),
      cache: this.#cache,
      shard: this.#shardId,
      database,
      key,
      kind,
      ...(command && { command }),
      ...(value && { value }),
      at,
    }));
  }

  #rankOf(key: Buffer, position: Position): number {
    const place = { shardId: this.#shardId, position };
    const era: Era = this.#resharding.eras.eraAt(place);
    return rankOf(era, this.#resharding.eras.isWhole(place) || this.#isHome(key, position));
  }

  /** A slot that nobody served when the era began is at home where it is. */
  #isHome(key: Buffer, position: Position): boolean {
    const home = this.#resharding.eras.homeAt({ shardId: this.#shardId, position }, slotOfKey(key));
    return home === undefined || home === this.#shardId;
  }
}
