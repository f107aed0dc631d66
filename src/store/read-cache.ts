// A cache of document texts as last read or written, which saves the query of a repeated read. It is always consistent
// with the database: the store is the only writer of its file, every write updates the cache, and a rollback clears it.
// Each reader parses its own copy of the text.

import type { Scope } from '../aws/scope.ts';

/** A document as the database stores it. */
export interface Row {
  id: string;
  value: string;
}

/** The limit over all collections. When it is reached everything is dropped, which is cheaper than tracking use. */
const MOST_CHARACTERS = 2_000_000;
const LONGEST_TEXT = 100_000;
/** The estimated overhead of a cached row, in characters. */
const ROW_CHARACTERS = 100;

/** The cache of one store. */
export class ReadCache {
  readonly #kinds = new Map<string, KindCache>();
  #characters = 0;

  /** The part for one kind of document; every collection of that kind shares it. */
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

/** The cached documents and ranges of one kind. */
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
    // Ill-formed ids that differ may be the same id in the database.
    if (text.length > LONGEST_TEXT || !id.isWellFormed()) return;
    this.#grow(id.length + text.length + ROW_CHARACTERS);
    this.#texts.set(keyOf(scope, id), text);
  }

  /** `range` identifies a query, its scope included. */
  rows(range: string): readonly Row[] | undefined {
    return this.#ranges.get(range);
  }

  keepRows(range: string, rows: readonly Row[]): void {
    const length = rows.reduce((sum, { id, value }) => sum + id.length + value.length + ROW_CHARACTERS, 0);
    if (length > LONGEST_TEXT) return;
    this.#grow(range.length + length + ROW_CHARACTERS);
    this.#ranges.set(range, rows);
  }

  /** Call it before a document is written or deleted. */
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
