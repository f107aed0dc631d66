// A widget: its frame, its title, and what it contains.

import { memo } from 'preact/compat';
import { useState } from 'preact/hooks';
import type { ChartContent, Content, Place, WidgetFrame } from '../../src/console/contract.ts';
import type { Zone } from '../text/format.ts';
import { Markdown } from '../text/markdown.tsx';
import { AlarmTile, AlarmWidget } from '../widgets/alarm-widget.tsx';
import { ChartWidget, hasTable } from '../widgets/chart-widget.tsx';
import { TableWidget } from '../widgets/table-widget.tsx';

export interface WidgetProps {
  frame: WidgetFrame;
  place: Place;
  index: number;
  /** Absent until its data is there. */
  content: Content | undefined;
  zone: Zone;
  onRange(from: number, to: number): void;
}

/** Drawn again only when something of it has changed. */
export const Widget = memo(WidgetBox, (before, after) => {
  const { place: a, frame: _a, ...one } = before;
  const { place: b, frame: _b, ...other } = after;
  const isSame = (Object.keys(other) as (keyof typeof other)[]).every((key) => one[key] === other[key]);
  return isSame && before.frame.title === after.frame.title && JSON.stringify(a) === JSON.stringify(b);
});

function WidgetBox({ frame, place, index, content, zone, onRange }: WidgetProps) {
  const [asTable, setAsTable] = useState(false);
  const id = `widget-${index}`;
  const title = frame.title || fallbackTitle(content);
  const isPlain = content?.kind === 'text' && content.isTransparent;
  const problems = content && 'problems' in content ? content.problems : [];
  return (
    <section
      class={`widget kind-${content?.kind ?? 'pending'}${isPlain ? ' plain' : ''}`}
      aria-labelledby={title ? id : undefined}
      aria-label={title ? undefined : 'Widget'}
      aria-busy={content === undefined}
      style={{
        '--column': place.x + 1,
        '--columns': place.width,
        '--row': place.y + 1,
        '--rows': place.height,
      }}
    >
      {(frame.title || content?.kind === 'chart') && (
        <header>
          <h2 id={id} title={title}>
            {title}
          </h2>
          {content?.kind === 'chart' && hasTable(content) && (
            <button
              type="button"
              class="quiet"
              aria-pressed={asTable}
              title={asTable ? 'Show the graph' : 'Show the numbers'}
              aria-label={asTable ? `Show the graph of ${title}` : `Show the numbers of ${title}`}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? 'Graph' : 'Table'}
            </button>
          )}
        </header>
      )}
      {problems.length > 0 && <Problems problems={problems} />}
      <div class="content">
        <WidgetContent {...{ content, title, zone, onRange, asTable }} />
      </div>
    </section>
  );
}

function WidgetContent({
  content,
  asTable,
  ...props
}: Pick<WidgetProps, 'content' | 'zone' | 'onRange'> & { title: string; asTable: boolean }) {
  if (!content) return <p class="no-data pulse">Reading…</p>;
  switch (content.kind) {
    case 'text':
      return <Markdown text={content.markdown} />;
    case 'chart':
      return (
        <>
          <ShownAlarms content={content} />
          <ChartWidget {...{ ...props, content, asTable }} />
        </>
      );
    case 'table':
      return <TableWidget content={content} title={props.title} />;
    case 'alarms':
      return <AlarmWidget alarms={content.alarms} />;
    case 'undrawn':
      return <p class={`undrawn ${content.because}`}>{content.reason}</p>;
  }
}

function ShownAlarms({ content: { alarmStates } }: { content: ChartContent }) {
  if (alarmStates.length === 0) return null;
  return (
    <ul class="alarms compact">
      {alarmStates.map((alarm) => (
        <AlarmTile key={`${alarm.region} ${alarm.name}`} alarm={alarm} />
      ))}
    </ul>
  );
}

function Problems({ problems }: { problems: readonly string[] }) {
  return (
    <ul class="problems" role="status">
      {problems.map((problem) => (
        <li key={problem}>{problem}</li>
      ))}
    </ul>
  );
}

/** AWS: a graph without a title is called by its metrics. */
function fallbackTitle(content: Content | undefined): string {
  if (content?.kind !== 'chart') return '';
  const labels = content.bars ? content.bars.groups : [...content.series, ...content.alarmStates.map(nameOf)];
  return labels
    .slice(0, 3)
    .map(({ label }) => label)
    .join(', ');
}

const nameOf = ({ name }: { name: string }) => ({ label: name });
