// Numbers by category, of a chart that shows no times. Pure.

import type { Bars, ChartContent } from '../../src/console/contract.ts';

/** Of metrics, the last value of each series is a category of its own. */
export function categoriesOf({ bars, series }: ChartContent): Bars & { colours: (string | undefined)[] } {
  if (bars) return { ...bars, colours: [] };
  const shown = series.filter(({ values }) => values.length > 0);
  return {
    categories: shown.map(({ label }) => label),
    groups: [{ label: '', values: shown.map(({ values }) => values.at(-1) ?? null) }],
    colours: shown.map(({ colour }) => colour),
  };
}

/** The parts of a whole, from 0 to 1; the smallest beyond `most` are one. Values below zero have no part. */
export function partsOf(
  { categories, groups }: Bars,
  most: number,
): { label: string; value: number; share: number }[] {
  const all = categories
    .map((label, index) => ({ label, value: groups[0]?.values[index] ?? 0, index }))
    .filter(({ value }) => value > 0);
  const total = all.reduce((sum, { value }) => sum + value, 0);
  const largest = all.length <= most ? all : all.toSorted((a, b) => b.value - a.value).slice(0, most - 1);
  const rest = total - largest.reduce((sum, { value }) => sum + value, 0);
  const parts = largest.map(({ label, value }) => ({ label, value, share: value / total }));
  return all.length <= most ? parts : [...parts, { label: 'Others', value: rest, share: rest / total }];
}
