// The values under the pointer, in a box next to it. A plugin of uPlot.

import type uPlot from 'uplot';
import { fullNumber, momentText, type Zone } from '../text/format.ts';

/** What the box tells of a series. */
export interface Told {
  label: string;
  colour: string;
  /** As they are, not stacked. */
  values: readonly (number | null)[];
}

const MOST = 12;

/** `told` is asked at each move, in the order of the series. */
export function tooltip(told: () => readonly Told[], zone: Zone): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'tooltip';
  box.hidden = true;
  return {
    hooks: {
      init: (plot) => {
        plot.over.append(box);
        plot.over.addEventListener('pointerleave', () => (box.hidden = true));
      },
      setCursor: (plot) => show(plot, box, told(), zone),
    },
  };
}

function show(plot: uPlot, box: HTMLElement, told: readonly Told[], zone: Zone): void {
  const { idx, left = -1, top = -1 } = plot.cursor;
  // Charts next to this one show its time as a line only.
  const isHere = plot.over.matches(':hover');
  const rows = told
    .map(({ values, ...one }, index) => ({
      ...one,
      value: values[idx ?? -1],
      isShown: plot.series[index + 1]?.show,
    }))
    .filter(({ value, isShown }) => value != null && isShown)
    .sort((a, b) => b.value! - a.value!);
  box.hidden = !isHere || idx == null || left < 0 || rows.length === 0;
  if (box.hidden) return;
  const time = document.createElement('div');
  time.className = 'time';
  time.textContent = momentText(plot.data[0][idx!]!, zone);
  box.replaceChildren(
    time,
    ...rows.slice(0, MOST).map(({ label, colour, value }) => rowOf(label, colour, fullNumber(value!))),
    ...(rows.length > MOST ? [`and ${rows.length - MOST} more`] : []),
  );
  const isRight = left > plot.over.clientWidth / 2;
  box.style.left = isRight ? '' : `${left + 14}px`;
  box.style.right = isRight ? `${plot.over.clientWidth - left + 14}px` : '';
  box.style.top = `${Math.max(0, Math.min(top, plot.over.clientHeight - box.offsetHeight))}px`;
}

function rowOf(label: string, colour: string, value: string): HTMLElement {
  const row = document.createElement('div');
  const swatch = document.createElement('i');
  swatch.style.background = colour;
  const name = document.createElement('span');
  name.textContent = label;
  const number = document.createElement('b');
  number.textContent = value;
  row.append(swatch, name, number);
  return row;
}
