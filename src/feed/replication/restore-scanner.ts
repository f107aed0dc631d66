// Looks through what a shard has received for the keys that it took over from other shards and for deletions, ahead of
// the reader.

import { CommandReader } from '../engine-format/command-reader.ts';
import type { MovedKeys } from './moved-keys.ts';
import { comparePositions, type Position } from './position.ts';
import type { Spool } from './spool.ts';

const READ_BYTES = 256 * 1024;

/** Notes each restoration of MIGRATE, and what may be its deletions. */
export class RestoreScanner {
  readonly #spool: Spool;
  readonly #shardId: string;
  readonly #moved: MovedKeys;
  #generation: number;
  #reader: CommandReader;

  constructor(spool: Spool, from: Position, shardId: string, moved: MovedKeys) {
    this.#spool = spool;
    this.#shardId = shardId;
    this.#moved = moved;
    this.#generation = from.generation;
    this.#reader = new CommandReader(from.offset);
  }

  /** Everything before the position was received. */
  scanTo(position: Position): void {
    while (this.#generation < position.generation) {
      this.#scan(this.#spool.endOf(this.#generation).offset);
      const next = this.#spool.after(this.#generation);
      if (next === undefined) return;
      this.#goTo(this.#spool.startOf(next)!);
    }
    this.#scan(position.offset);
  }

  /** The reader has passed this position: what lies before it need not be there any longer. */
  skipTo(position: Position): void {
    const own = { generation: this.#generation, offset: this.#reader.offset };
    if (comparePositions(own, position) < 0) this.#goTo(position);
  }

  #goTo({ generation, offset }: Position): void {
    this.#generation = generation;
    this.#reader = new CommandReader(offset);
  }

  #scan(end: number): void {
    const reader = this.#reader;
    for (;;) {
      const command = reader.next();
      if (command) {
        const place = { generation: this.#generation, offset: command.end };
        if (isRestoration(command.args)) this.#moved.restored(command.args[1]!, this.#shardId, place);
        else if (isDeletion(command.args)) {
          for (const key of command.args.slice(1)) this.#moved.deleted(key, this.#shardId, place);
        }
        continue;
      }
      if (reader.offset >= end) return;
      const position = { generation: this.#generation, offset: reader.offset };
      const chunk = this.#spool.read(position, Math.min(READ_BYTES, end - reader.offset));
      if (!chunk) return;
      reader.push(chunk);
    }
  }
}

const NAME = 'RESTORE-ASKING';

/** MIGRATE's command on the target. */
export const isRestoration = ([name]: readonly Buffer[]): boolean =>
  name?.length === NAME.length && name.toString('latin1').toUpperCase() === NAME;

/** What MIGRATE replicates on the source; UNLINK is always a client's. */
export const isDeletion = ([name]: readonly Buffer[]): boolean =>
  name?.length === 3 && name.toString('latin1').toUpperCase() === 'DEL';
