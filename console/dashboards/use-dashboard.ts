// The state of a dashboard's page: reads the data, keeps what is shown while it reads it again, and refreshes it. There is
// at most one request and one timer at a time, and neither while the page is hidden.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { DASHBOARDS_PATH } from '../../src/aws/console-address.ts';
import type { Content, DashboardHead, DataLine } from '../../src/console/contract.ts';
import { queryOf, type View } from '../frame/page-state.ts';
import { readLines } from './read-lines.ts';

/** What is shown. */
export interface Shown {
  head?: DashboardHead;
  /** By the index of the widget. */
  contents: ReadonlyMap<number, Content>;
  isReading: boolean;
  /** When the data was read, in milliseconds since the epoch. */
  readAt?: number;
  /** Why the last attempt failed. */
  failure?: string;
}

const NOTHING: Shown = { contents: new Map(), isReading: true };

/** The state, and a function that reads the data now. */
export function useDashboard(name: string, view: View): [Shown, () => void] {
  const [shown, setShown] = useState(NOTHING);
  const [round, setRound] = useState(0);
  const latest = useRef(shown);
  latest.current = shown;
  const { refresh, zone: _zone, ...asked } = view;
  const query = queryOf(asked);
  const url = `${DASHBOARDS_PATH}/${encodeURIComponent(name)}/data${query}`;

  // A new round reads the same again.
  useEffect(() => {
    const gone = new AbortController();
    setShown((before) => ({ ...before, isReading: true }));
    read(url, latest.current, gone.signal, setShown).catch(() => {});
    return () => gone.abort();
  }, [url, round]);

  const again = useCallback(() => setRound((count) => count + 1), []);
  const isDue = !shown.isReading && refresh > 0;
  useEffect(() => (isDue ? whileVisible(refresh * 1000, again) : undefined), [isDue, refresh, again]);
  return [shown, again];
}

async function read(
  url: string,
  before: Shown,
  signal: AbortSignal,
  show: (shown: Shown) => void,
): Promise<void> {
  let head = before.head;
  let contents = before.contents;
  try {
    await readLines<DataLine>(url, signal, (line) => {
      if (signal.aborted) return;
      if ('head' in line) {
        // Where the widgets are the same, they show their former data until the new one is there.
        if (!isSame(head, line)) contents = new Map();
        head = line;
      } else if ('widget' in line) contents = new Map(contents).set(line.widget, line.content);
      show({ ...(head && { head }), contents, isReading: true, ...readBefore(before) });
    });
    if (signal.aborted) return;
    show({ ...(head && { head }), contents, isReading: false, readAt: Date.now() });
  } catch (error) {
    if (signal.aborted) return;
    const failure = error instanceof Error ? error.message : String(error);
    show({ ...(head && { head }), contents, isReading: false, ...readBefore(before), failure });
  }
}

const readBefore = ({ readAt }: Shown) => (readAt === undefined ? {} : { readAt });

const isSame = (one: DashboardHead | undefined, other: DashboardHead): boolean =>
  one !== undefined && JSON.stringify(one.widgets) === JSON.stringify(other.widgets);

/** Calls `work` once, when the time is over and the page is visible. Returns what ends it. */
function whileVisible(afterMs: number, work: () => void): () => void {
  const due = Date.now() + afterMs;
  let timer = setTimeout(run, afterMs);
  document.addEventListener('visibilitychange', run);
  return end;

  function run() {
    if (document.visibilityState !== 'visible') return;
    if (Date.now() < due) {
      clearTimeout(timer);
      timer = setTimeout(run, due - Date.now());
      return;
    }
    end();
    work();
  }

  function end() {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', run);
  }
}
