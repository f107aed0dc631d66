// The error of a query that cannot be run, with its place in the query.

/** A range of characters of the query, from `start` up to and without `end`. */
export interface Place {
  start: number;
  end: number;
}

/** Says what is wrong with a query and where. The operations answer with MalformedQueryException. */
export class MalformedQuery extends Error {
  override readonly name = 'MalformedQuery';
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** AWS: `unexpected symbol found bad at line 1 and position 843` (public reports of StartQuery's errors). */
export function unexpected(query: string, found: string, place: Place): MalformedQuery {
  const before = query.slice(0, place.start);
  const line = before.split('\n').length;
  const position = place.start - (before.lastIndexOf('\n') + 1);
  return new MalformedQuery(
    `unexpected symbol found ${found} at line ${line} and position ${position}`,
    place,
  );
}
