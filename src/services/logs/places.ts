// The place of an event in its stream as text: in tokens, and as the id of an event. Pure.

/** The place of an event in its stream. */
export interface Place {
  /** Milliseconds since the epoch. */
  at: number;
  sequence: number;
}

/** Characters of `placeText`. */
export const PLACE_LENGTH = 56;
const TIME_LENGTH = 20;

/** AWS: tokens and event ids have 56 digits. These texts sort in the order of the events. */
export const placeText = ({ at, sequence }: Place): string =>
  String(at).padStart(TIME_LENGTH, '0') + String(sequence + 1).padStart(PLACE_LENGTH - TIME_LENGTH, '0');

/** The inverse of `placeText`. */
export const readPlace = (text: string): Place => ({
  at: Number(text.slice(0, TIME_LENGTH)),
  sequence: Number(text.slice(TIME_LENGTH)) - 1,
});
