// Where widgets are on the page. Pure.

import type { Place } from '../../src/console/contract.ts';

const COLUMNS = 24;

/**
 * The places in the order in which they are read. Widgets move up to the ones above them and never overlap, so gaps and
 * huge coordinates of a body do not matter.
 */
export function laidOut<W extends Place>(
  widgets: readonly W[],
): { widget: W; index: number; place: Place }[] {
  const heights = Array.from({ length: COLUMNS }, () => 0);
  const ordered = widgets
    .map((widget, index) => ({ widget, index }))
    .sort((a, b) => a.widget.y - b.widget.y || a.widget.x - b.widget.x || a.index - b.index);
  return ordered.map(({ widget, index }) => {
    const width = Math.min(Math.max(widget.width, 1), COLUMNS);
    const x = Math.min(Math.max(widget.x, 0), COLUMNS - width);
    const y = Math.max(...heights.slice(x, x + width));
    heights.fill(y + widget.height, x, x + width);
    return { widget, index, place: { x, y, width, height: widget.height } };
  });
}
