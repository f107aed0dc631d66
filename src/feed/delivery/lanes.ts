// The messages of one mapping that wait, by lane, and how units are made of them: the messages of one call of the sink. A
// lane has one holder at a time, the unit that is delivered or retried next, so the messages of a lane stay in order. No
// I/O and no time.

import type { Change } from '../change.ts';
import type { Message } from '../sink.ts';

/** A message on its way. */
export interface Entry {
  message: Message;
  change: Change;
  /** Of the payload as JSON, or about those of the row. */
  bytes: number;
  /** Grows with each entry: its order of arrival. */
  index: number;
  /** It was delivered or given up. Called once. */
  settled(): void;
  /** Earlier messages of the same row, which this one makes needless. They share its fate. */
  covers?: readonly Entry[];
}

/** The messages of one call of the sink, in their order of arrival. */
export interface Unit {
  entries: readonly Entry[];
  /** How many calls failed. */
  attempts: number;
  /** When it may be tried again: milliseconds since the epoch. */
  dueAt: number;
}

/** How units are made. */
export interface UnitShape {
  messages: number;
  bytes: number;
  /** `one` message of each lane, or as `many` as there is room for, or the `last` one for all that wait. */
  takes: 'one' | 'many' | 'last';
}

interface Lane {
  key: string;
  waiting: Entry[];
  /** Of those that wait. */
  bytes: number;
  /** The units that have messages of this lane, in order; the first may be delivered. */
  holders: Unit[];
}

/** The lanes of one mapping. */
export class Lanes {
  readonly #shape: UnitShape;
  readonly #lanes = new Map<string, Lane>();
  /** Those that have messages waiting and no holder, in the order in which they came to be so. */
  readonly #ready = new Set<Lane>();
  #readyMessages = 0;
  #readyBytes = 0;

  constructor(shape: UnitShape) {
    this.#shape = shape;
  }

  get isEmpty(): boolean {
    return this.#lanes.size === 0;
  }

  /** Whether a unit can be made, and whether it would be a full one. */
  get available(): 'none' | 'some' | 'full' {
    if (this.#ready.size === 0) return 'none';
    const messages = this.#shape.takes === 'many' ? this.#readyMessages : this.#ready.size;
    return messages >= this.#shape.messages || this.#readyBytes >= this.#shape.bytes ? 'full' : 'some';
  }

  add(entry: Entry): void {
    const key = entry.message.lane;
    let lane = this.#lanes.get(key);
    if (!lane) this.#lanes.set(key, (lane = { key, waiting: [], bytes: 0, holders: [] }));
    lane.waiting.push(entry);
    lane.bytes += entry.bytes;
    if (lane.holders.length > 0) return;
    this.#ready.add(lane);
    this.#readyMessages += 1;
    this.#readyBytes += entry.bytes;
  }

  /** Makes a unit of waiting messages; it holds their lanes until `release`. `undefined` when none is ready. */
  take(): Unit | undefined {
    const { messages, bytes, takes } = this.#shape;
    const unit: Unit = { entries: [], attempts: 0, dueAt: 0 };
    const entries: Entry[] = [];
    let taken = 0;
    const fits = (entry: Entry) =>
      entries.length === 0 || (entries.length < messages && taken + entry.bytes <= bytes);
    for (const lane of this.#ready) {
      if (!fits(takes === 'last' ? lane.waiting.at(-1)! : lane.waiting[0]!)) break;
      this.#setReady(lane, false);
      lane.holders.push(unit);
      if (takes === 'last') {
        const covers = lane.waiting;
        const last = covers.pop()!;
        lane.waiting = [];
        lane.bytes = 0;
        entries.push(covers.length > 0 ? { ...last, covers } : last);
        taken += last.bytes;
        continue;
      }
      const most = takes === 'one' ? 1 : lane.waiting.length;
      let count = 0;
      for (; count < most && fits(lane.waiting[count]!); count++) {
        const entry = lane.waiting[count]!;
        taken += entry.bytes;
        lane.bytes -= entry.bytes;
        entries.push(entry);
      }
      lane.waiting.splice(0, count);
    }
    unit.entries = entries.sort((one, other) => one.index - other.index);
    return entries.length > 0 ? unit : undefined;
  }

  /** No unit before this one holds any of its lanes. */
  mayStart(unit: Unit): boolean {
    return unit.entries.every(({ message }) => this.#lanes.get(message.lane)!.holders[0] === unit);
  }

  /** The unit is done with. Others take its place in the lanes of their messages, in this order. */
  release(unit: Unit, successors: readonly Unit[] = []): void {
    const lanesOf = (one: Unit) => new Set(one.entries.map(({ message }) => message.lane));
    const held = successors.map((successor) => ({ successor, lanes: lanesOf(successor) }));
    for (const key of lanesOf(unit)) {
      const lane = this.#lanes.get(key)!;
      const next = held.filter(({ lanes }) => lanes.has(key)).map(({ successor }) => successor);
      lane.holders.splice(lane.holders.indexOf(unit), 1, ...next);
      if (lane.holders.length > 0) continue;
      if (lane.waiting.length === 0) this.#lanes.delete(key);
      else this.#setReady(lane, true);
    }
  }

  #setReady(lane: Lane, isReady: boolean): void {
    if (isReady) this.#ready.add(lane);
    else this.#ready.delete(lane);
    const sign = isReady ? 1 : -1;
    this.#readyMessages += sign * lane.waiting.length;
    this.#readyBytes += sign * lane.bytes;
  }
}
