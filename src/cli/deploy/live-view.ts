// A live view of a deployment on a terminal: one line per resource, redrawn in place. Resources that do not fit are
// counted.

import { styleText } from 'node:util';
import type { Progress } from './deployment.ts';
import type { Happening } from './follow.ts';
import { secondsOf } from './progress.ts';

/** The part of a terminal that the view uses. */
export interface Terminal {
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

interface Row {
  path: string;
  type: string;
  status: string;
  startedAt: number;
  changedAt: number;
}

const DRAW_EVERY_MS = 100;
const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const STATUS_COLUMNS = 20;
/** Rows for the text above the view and for the line of the cursor. */
const SPARE_ROWS = 3;

/** With `passing`, the view is erased at the end. */
export function liveView(terminal: Terminal, now: () => number, passing = false): Progress {
  const rows = new Map<string, Row>();
  let drawn = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const erase = () => {
    const back = drawn > 0 ? `\x1b[${drawn}A\r\x1b[0J` : '';
    drawn = 0;
    return back;
  };
  const draw = (height = terminal.rows ?? 24) => {
    const lines = picture(asTree([...rows.values()]), {
      columns: terminal.columns ?? 80,
      rows: height,
      now: now(),
      frame: frame++,
    });
    const before = erase();
    drawn = lines.length;
    terminal.write(before + lines.map((line) => `${line}\n`).join(''));
  };
  return {
    note(text) {
      terminal.write(`${erase()}${text}\n`);
    },
    look({ happened }) {
      for (const happening of happened) note(rows, happening);
      draw();
      timer ??= setInterval(() => draw(), DRAW_EVERY_MS);
    },
    end() {
      clearInterval(timer);
      timer = undefined;
      // The final view shows all resources.
      if (passing) terminal.write(erase());
      else draw(Number.POSITIVE_INFINITY);
      drawn = 0;
    },
  };
}

function note(rows: Map<string, Row>, { path, type, status, at }: Happening): void {
  const known = rows.get(path);
  // An update or rollback starts its own time.
  const goesOn = known && !isBeginning(known.status, status);
  const startedAt = goesOn ? known.startedAt : at;
  rows.set(path, { path, type, status, startedAt, changedAt: at });
}

const isBeginning = (before: string, after: string): boolean =>
  after.endsWith('_IN_PROGRESS') && !before.endsWith('_IN_PROGRESS');

const isUnderWay = ({ status }: Row): boolean => status.endsWith('_IN_PROGRESS');
const hasFailed = ({ status }: Row): boolean => status.endsWith('_FAILED');

/** Puts the resources of a nested stack after it; otherwise keeps the order of their start. */
export function asTree<T extends { path: string }>(rows: readonly T[]): T[] {
  const begun = new Map(rows.map(({ path }, index) => [path, index]));
  const keyOf = (path: string) =>
    path.split('/').map((_, depth, ids) => begun.get(ids.slice(0, depth + 1).join('/')) ?? rows.length);
  const keys = new Map(rows.map((row) => [row, keyOf(row.path)]));
  return rows.toSorted((a, b) => compareKeys(keys.get(a)!, keys.get(b)!));
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  const depth = a.findIndex((index, level) => index !== b[level]);
  return depth < 0 ? a.length - b.length : a[depth]! - (b[depth] ?? -1);
}

/** The lines that fit. If there are too many, running and failed resources come first. */
export function picture(
  all: readonly Row[],
  view: { columns: number; rows: number; now: number; frame: number },
): string[] {
  const most = Math.max(view.rows - SPARE_ROWS, 1);
  const pathColumns = Math.min(Math.max(...all.map(({ path }) => path.length), 0), 48);
  if (all.length <= most) return all.map((row) => line(row, pathColumns, view));
  const urgency = (row: Row) => (hasFailed(row) ? 0 : isUnderWay(row) ? 1 : 2);
  const shown = all
    .toSorted((a, b) => urgency(a) - urgency(b) || b.changedAt - a.changedAt)
    .slice(0, most - 1);
  const left = all.length - shown.length;
  const inOrder = all.filter((row) => shown.includes(row));
  return [
    ...inOrder.map((row) => line(row, pathColumns, view)),
    fitted(`  … and ${left} more`, view.columns),
  ];
}

function line(row: Row, pathColumns: number, view: { columns: number; now: number; frame: number }): string {
  const took = (isUnderWay(row) ? view.now : row.changedAt) - row.startedAt;
  const text = [
    row.path.padEnd(pathColumns),
    row.status.padEnd(STATUS_COLUMNS),
    secondsOf(took).padStart(8),
    row.type,
  ].join('  ');
  return `${mark(row, view.frame)} ${fitted(text, view.columns - 2)}`;
}

function mark(row: Row, frame: number): string {
  if (isUnderWay(row)) return styleText('cyan', SPINNER[frame % SPINNER.length]!);
  return hasFailed(row) ? styleText('red', '✗') : styleText('green', '✓');
}

/** One column stays free: some terminals start a new line after the last one. */
const fitted = (text: string, columns: number): string => text.slice(0, Math.max(columns - 1, 0));
