// Lines and bands of a graph, drawn on its canvas: horizontal ones at values, vertical ones at times.

import type uPlot from 'uplot';
import type { Band } from '../../src/console/contract.ts';
import { withOpacity } from './colours.ts';

/** What to draw, and the colour of annotations without one. */
export interface Annotations {
  horizontal: readonly Band[];
  vertical: readonly Band[];
  colour: string;
}

const FONT = 11;

/** For a hook of uPlot. */
export function drawAnnotations(plot: uPlot, { horizontal, vertical, colour }: Annotations): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${FONT * ratio}px system-ui, sans-serif`;
  ctx.lineWidth = ratio;
  for (const band of horizontal) drawHorizontal(plot, band, band.colour ?? colour, ratio);
  for (const band of vertical) drawVertical(plot, band, band.colour ?? colour, ratio);
  ctx.restore();
}

function drawHorizontal(plot: uPlot, band: Band, colour: string, ratio: number): void {
  const { ctx, bbox } = plot;
  if (plot.scales[band.axis]?.min == null) return;
  const from = plot.valToPos(band.from, band.axis, true);
  const edges = band.to === undefined ? [from] : [from, plot.valToPos(band.to, band.axis, true)];
  const other =
    edges[1] ??
    (band.fill === 'above' ? bbox.top : band.fill === 'below' ? bbox.top + bbox.height : undefined);
  if (other !== undefined) {
    ctx.fillStyle = withOpacity(colour, 0.12);
    ctx.fillRect(bbox.left, Math.min(from, other), bbox.width, Math.abs(other - from));
  }
  line(ctx, colour, ratio, edges, (edge) => {
    ctx.moveTo(bbox.left, edge);
    ctx.lineTo(bbox.left + bbox.width, edge);
  });
  if (!band.label) return;
  ctx.fillStyle = colour;
  ctx.textAlign = 'right';
  const top = Math.min(...edges);
  // Below the line where there is no room above it.
  const isHigh = top - bbox.top < FONT * ratio * 1.6;
  ctx.textBaseline = isHigh ? 'top' : 'bottom';
  ctx.fillText(band.label, bbox.left + bbox.width - 4 * ratio, top + (isHigh ? 3 : -3) * ratio);
}

function drawVertical(plot: uPlot, band: Band, colour: string, ratio: number): void {
  const { ctx, bbox } = plot;
  const from = plot.valToPos(band.from / 1000, 'x', true);
  const edges = band.to === undefined ? [from] : [from, plot.valToPos(band.to / 1000, 'x', true)];
  const other =
    edges[1] ??
    (band.fill === 'before' ? bbox.left : band.fill === 'after' ? bbox.left + bbox.width : undefined);
  if (other !== undefined) {
    ctx.fillStyle = withOpacity(colour, 0.12);
    ctx.fillRect(Math.min(from, other), bbox.top, Math.abs(other - from), bbox.height);
  }
  line(ctx, colour, ratio, edges, (edge) => {
    ctx.moveTo(edge, bbox.top);
    ctx.lineTo(edge, bbox.top + bbox.height);
  });
  if (!band.label) return;
  ctx.fillStyle = colour;
  // To the left of the line where there is no room to its right.
  const isRight = from + ctx.measureText(band.label).width + 6 * ratio > bbox.left + bbox.width;
  ctx.textAlign = isRight ? 'right' : 'left';
  ctx.textBaseline = 'top';
  ctx.fillText(band.label, from + (isRight ? -4 : 4) * ratio, bbox.top + 3 * ratio);
}

function line(
  ctx: CanvasRenderingContext2D,
  colour: string,
  ratio: number,
  edges: readonly number[],
  path: (edge: number) => void,
): void {
  ctx.strokeStyle = colour;
  ctx.setLineDash([5 * ratio, 4 * ratio]);
  ctx.beginPath();
  for (const edge of edges) path(edge);
  ctx.stroke();
}
