// Where widgets are on the grid of 24 columns. Pure.

/** In units of the grid. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const COLUMNS = 24;
/** AWS: the default of both. */
const SIZE = 6;

/**
 * AWS: a widget without a place is at the next available position, which AWS does not define; Millpond puts it to the
 * right of the one before it or, if it does not fit there, below all before it.
 */
export function placesOf(widgets: readonly Partial<Place>[]): Place[] {
  let bottom = 0;
  let next = { x: 0, y: 0 };
  return widgets.map(({ x, y, width = SIZE, height = SIZE }) => {
    if (next.x + width > COLUMNS) next = { x: 0, y: bottom };
    const isPlaced = x !== undefined || y !== undefined;
    const place = isPlaced ? { x: x ?? 0, y: y ?? bottom } : next;
    bottom = Math.max(bottom, place.y + height);
    next = { x: place.x + width, y: place.y };
    return { ...place, width, height };
  });
}
