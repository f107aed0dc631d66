// Renders the rows as a text table.

import type { JudgedRow } from './row.ts';

const HEADINGS = ['', 'value', 'floor or peer', 'ratio', 'target', ''];

export function renderTable(rows: readonly JudgedRow[]): string {
  const lines = [HEADINGS, ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) => line.map((cell, column) => pad(cell, widths[column]!, column)).join('  '))
    .join('\n');
}

function cells({ name, value, unit, floor, ratio, target, met }: JudgedRow): string[] {
  return [
    name,
    `${figure(value)} ${unit}`,
    floor === null ? '' : `${figure(floor)} ${unit}`,
    ratio === null ? '' : `${figure(ratio)} ×`,
    target,
    target === '' ? '' : met ? 'met' : 'MISSED',
  ];
}

/** Names are left-aligned, figures right-aligned. */
const pad = (cell: string, width: number, column: number): string =>
  column === 0 || column >= 4 ? cell.padEnd(width) : cell.padStart(width);

const figure = (value: number): string =>
  Math.abs(value) >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en')
    : value.toPrecision(3);
