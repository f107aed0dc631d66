// The page of one dashboard.

import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { queryOf, type View, viewOf } from '../frame/page-state.ts';
import { laidOut } from './layout.ts';
import { Toolbar } from './toolbar.tsx';
import { useDashboard } from './use-dashboard.ts';
import { Widget } from './widget.tsx';

export function DashboardPage({ name }: { name: string }) {
  const [view, change] = useView();
  const [shown, readAgain] = useDashboard(name, view);
  const { head, contents, failure } = shown;
  const layout = useMemo(() => laidOut(head?.widgets ?? []), [head]);
  const choose = useCallback(
    (from: number, to: number) => change({ start: isoOf(Math.floor(from)), end: isoOf(Math.ceil(to)) }),
    [change],
  );
  return (
    <main id="main">
      <Toolbar {...{ name, view, shown, change, readAgain }} />
      {failure && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      {head && head.notes.length > 0 && (
        <ul class="notes">
          {head.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {head && layout.length === 0 && head.notes.length === 0 && (
        <p class="empty">This dashboard has no widgets.</p>
      )}
      <div class="grid">
        {layout.map(({ widget, index, place }) => (
          <Widget
            key={index}
            {...{
              frame: widget,
              place,
              index,
              content: contents.get(index),
              zone: view.zone,
              onRange: choose,
            }}
          />
        ))}
      </div>
    </main>
  );
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The view, which is in the address, so that it can be kept and passed on. */
function useView(): [View, (changes: Partial<View>) => void] {
  const [view, setView] = useState(() => viewOf(location.search));
  const change = useCallback(
    (changes: Partial<View>) => setView((before) => ({ ...before, ...changes })),
    [],
  );
  useEffect(() => history.replaceState(null, '', `${location.pathname}${queryOf(view)}`), [view]);
  return [view, change];
}
