// Documents as text, as they were last read or written, so that to read them again takes no look into the database. It
// never holds what the database does not: a store is the only writer of its file, each of its writes is told here, and
// after a rollback all is forgotten. Readers parse the text, so that each of them gets a copy of its own.

import type { Scope } from '../aws/scope.ts';

export interface Row {
  id: string;
  value: string;
}

/** Of all collections together. Beyond this all is forgotten, which costs less than to know what was used last. */
const MOST_CHARACTERS = 2_000_000;
const LONGEST_TEXT = 100_000;
/** Ids and texts are strings beside what is counted; a row takes about this much more. */
const ROW_CHARACTERS = 100;

export class ReadCache {
  readonly #kinds = new Map<string, KindCache>();
  #characters = 0;

  /** The same for all collections of one kind. */
  kind(name: string): KindCache {
    let kind = this.#kinds.get(name);
    if (!kind) this.#kinds.set(name, (kind = new KindCache((characters) => this.#grow(characters))));
    return kind;
  }

  forgetAll(): void {
    for (const kind of this.#kinds.values()) kind.forgetAll();
    this.#characters = 0;
  }

  #grow(characters: number): void {
    if (this.#characters + characters > MOST_CHARACTERS) this.forgetAll();
    this.#characters += characters;
  }
}

export class KindCache {
  readonly #grow: (characters: number) => void;
  readonly #texts = new Map<string, string>();
  readonly #ranges = new Map<string, readonly Row[]>();

  constructor(grow: (characters: number) => void) {
    this.#grow = grow;
  }

  text(scope: Scope, id: string): string | undefined {
    return this.#texts.get(keyOf(scope, id));
  }

  keepText(scope: Scope, id: string, text: string): void {
    // Ids that differ in what UTF-8 cannot express are one and the same to the database.
    if (text.length > LONGEST_TEXT || !id.isWellFormed()) return;
    this.#grow(id.length + text.length + ROW_CHARACTERS);
    this.#texts.set(keyOf(scope, id), text);
  }

  /** `range` names what was asked for, of whichever scope. */
  rows(range: string): readonly Row[] | undefined {
    return this.#ranges.get(range);
  }

  keepRows(range: string, rows: readonly Row[]): void {
    const length = rows.reduce((sum, { id, value }) => sum + id.length + value.length + ROW_CHARACTERS, 0);
    if (length > LONGEST_TEXT) return;
    this.#grow(range.length + length + ROW_CHARACTERS);
    this.#ranges.set(range, rows);
  }

  /** To be told before a document is written or deleted. */
  forget(scope: Scope, id: string): void {
    this.#texts.delete(keyOf(scope, id));
    if (this.#ranges.size > 0) this.#ranges.clear();
  }

  forgetAll(): void {
    this.#texts.clear();
    this.#ranges.clear();
  }
}

const keyOf = ({ accountId, region }: Scope, id: string): string => `${accountId}\n${region}\n${id}`;
