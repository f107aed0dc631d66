// The rows of a widget's `metrics`: a namespace, a name, dimensions in pairs, and what to draw it with; or an
// expression. Checks them and expands the shorthand. Pure.

import { isPeriod } from '../domain/period.ts';
import { anyStatistic } from '../domain/statistic.ts';
import { type Check, flag, isObject, type Members, object, oneOf, Report, text, textThat } from './checks.ts';

const COLOUR = /^#(?:[0-9a-fA-F]{3}){1,2}$/;
/** A namespace, a name and AWS's most dimensions. */
const MOST_ITEMS = 2 + 2 * 30;
const ID = /^[a-z][a-zA-Z0-9_]{0,254}$/;

export const colour = textThat((value) => COLOUR.test(value), 'a colour, such as #1f77b4');
export const statistic = textThat((value) => anyStatistic(value) !== undefined, 'a statistic');
export const yAxis = oneOf('left', 'right');
export const period: Check = (value, path, report) => {
  if (!isPeriod(value as number)) report.error(path, 'Should be 1, 5, 10, 20, 30 or a multiple of 60');
};

/** How a metric is drawn: the last item of a row. */
const RENDERER: Record<string, Check> = {
  ...{ accountId: text, color: colour, expression: text, label: text, period, region: text, stat: statistic },
  id: textThat((value) => ID.test(value), 'an id'),
  ...{ unit: text, visible: flag, yAxis },
};
const checkRenderer = object(RENDERER);

/**
 * Checks a row.
 *
 * AWS: a wrong member of the last item is reported as one item too many.
 */
export const checkRow: Check = (row, path, report) => {
  if (!Array.isArray(row)) {
    report.error(path, 'Should be array');
    report.error(
      path,
      'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element',
    );
    return;
  }
  if (row.length === 0) return report.error(path, 'Should NOT have less than 1 items');
  const renderer = row.at(-1);
  const strings = isObject(renderer) ? row.slice(0, -1) : row;
  if (strings.length > MOST_ITEMS) return report.error(path, `Should NOT have more than ${MOST_ITEMS} items`);
  for (const [place, item] of strings.entries()) {
    if (typeof item !== 'string' || item === '')
      report.error(`${path}/${place}`, 'Invalid metric field type, only "String" type is allowed');
  }
  if (isObject(renderer) && !isRenderer(renderer))
    report.error(path, `Should NOT have more than ${strings.length} items`);
};

function isRenderer(value: Members): boolean {
  const own = new Report();
  checkRenderer(value, '', own);
  return own.errors.length === 0 && Object.keys(value).every((name) => Object.hasOwn(RENDERER, name));
}

/** What the last item of a row may hold. */
export interface Renderer {
  accountId?: string;
  color?: string;
  expression?: string;
  id?: string;
  label?: string;
  period?: number;
  region?: string;
  stat?: string;
  unit?: string;
  visible?: boolean;
  yAxis?: 'left' | 'right';
}

/** A row without shorthand. */
export interface Row {
  /** The namespace, the name, and the names and values of the dimensions; none for an expression. */
  items: string[];
  renderer: Renderer;
}

/**
 * Expands the shorthand of rows that `checkRow` accepts. AWS: `.` is the item at the same place of the previous metric,
 * and `...` stands for as many of its items as this row lacks.
 */
export function expandRows(rows: readonly (readonly unknown[])[]): Row[] {
  let before: readonly string[] = [];
  return rows.map((row) => {
    const last = row.at(-1);
    const renderer = isObject(last) ? (last as Renderer) : {};
    const given = (isObject(last) ? row.slice(0, -1) : row) as string[];
    if (given.length === 0) return { items: [], renderer };
    const gap = given.indexOf('...');
    const items =
      gap < 0
        ? given
        : [
            ...given.slice(0, gap),
            ...before.slice(gap, Math.max(gap, before.length - (given.length - gap - 1))),
            ...given.slice(gap + 1),
          ];
    before = items.map((item, place) => (item === '.' ? (before[place] ?? item) : item));
    return { items: [...before], renderer };
  });
}
