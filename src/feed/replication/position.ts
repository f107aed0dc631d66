// Positions in the changes of a shard. A shard's history is cut into generations, one for each full resynchronization;
// inside a generation the engine's own offset goes on, also through failovers.

/** A place in a shard's stream: everything before it was read. */
export interface Position {
  /** From 1, one more with each full resynchronization. */
  generation: number;
  /** The engine's replication offset. */
  offset: number;
}

/** What a reader needs to go on from there. */
export interface ReadPosition extends Position {
  /** The dump that the generation began with has been read. */
  isPastDump: boolean;
  /** The database that the stream selected last. */
  database: number;
}

/** Negative when `a` comes before `b`. */
export const comparePositions = (a: Position, b: Position): number =>
  a.generation - b.generation || a.offset - b.offset;

/**
 * The sequence of a change: decimal digits, at most 38. It depends on nothing but the place in the stream and on
 * `era`, so that a change that is read again has the same one.
 *
 * @param era Rises whenever another shard serves the key's slot.
 */
export const sequenceOf = (era: number, { generation, offset }: Position): string =>
  `${era}${String(generation).padStart(GENERATION_DIGITS, '0')}${String(offset).padStart(OFFSET_DIGITS, '0')}`;

const GENERATION_DIGITS = 8;
/** Offsets are exact integers of JavaScript, below 10^16. */
const OFFSET_DIGITS = 16;

/** Batches of one shard: acknowledged in any order, they move the position over those without a gap. */
export class Acknowledgements {
  readonly #waiting: { after: ReadPosition; changes: number; isDone: boolean }[] = [];
  readonly #moved: () => void;
  #position: ReadPosition;
  #changes = 0;

  constructor(position: ReadPosition, moved: () => void) {
    this.#position = position;
    this.#moved = moved;
  }

  /** Everything before it was delivered, or given up. */
  get position(): ReadPosition {
    return this.#position;
  }

  /** How many changes were read and not acknowledged. */
  get changes(): number {
    return this.#changes;
  }

  /** Notes a batch that ends there, and returns what acknowledges it. */
  add(after: ReadPosition, changes: number): () => void {
    const batch = { after, changes, isDone: false };
    this.#waiting.push(batch);
    this.#changes += changes;
    return () => {
      if (batch.isDone) return;
      batch.isDone = true;
      this.#changes -= changes;
      let done = 0;
      while (this.#waiting[done]?.isDone) done++;
      if (done === 0) return;
      this.#position = this.#waiting[done - 1]!.after;
      this.#waiting.splice(0, done);
      this.#moved();
    };
  }
}
