// The lines of one dashboard's data: its head, then each widget as soon as its data is known.

import { DEFAULT_ACCOUNT_ID, type Scope } from '../aws/scope.ts';
import type { Log } from '../kernel/log.ts';
import { inSlices } from '../kernel/turn.ts';
import { type Choice, type DrawnWidget, drawingOf } from '../services/cloudwatch/dashboards/drawing.ts';
import { alarmContent } from './alarm-content.ts';
import type { Content, DashboardHead, DashboardList, DataLine, WidgetFrame, WidgetLine } from './contract.ts';
import { logContent } from './log-content.ts';
import { metricContent } from './metric-content.ts';
import type { SharedAnswers } from './shared-answers.ts';
import type { Sources } from './sources.ts';

/** The widgets of one page that wait for data at the same time. */
const AT_ONCE = 8;
/** How long data is shown to other pages, too, if its period is not shorter; less than pages wait between refreshes. */
const KEEP_MS = 5_000;
/** Of one answer; the widgets after that fail. */
const MOST_CHARACTERS = 64_000_000;

/** Which dashboard is asked for, and how it is shown. */
export interface Asked extends Choice {
  name: string;
  scope: Scope;
}

/** What `dashboardLines` needs. */
export interface Surroundings {
  sources: Sources;
  answers: SharedAnswers;
  log: Log;
}

/** The dashboards of the account, the first 500. Rejects as ListDashboards does. */
export async function dashboardList({ monitoring }: Sources, scope: Scope): Promise<DashboardList> {
  const dashboards: DashboardList['dashboards'] = [];
  let token: string | undefined;
  do {
    const page = await monitoring.call('ListDashboards', { ...(token && { NextToken: token }) }, scope);
    for (const { DashboardName = '', LastModified } of page.DashboardEntries ?? [])
      dashboards.push({ name: DashboardName, modifiedAt: LastModified?.getTime() ?? 0 });
    token = page.NextToken;
  } while (token !== undefined && dashboards.length < 500);
  return { region: scope.region, dashboards };
}

/**
 * Calls `send` with each line, without its end, and awaits it. Widgets that have not begun when `signal` is aborted are
 * left out. Rejects as GetDashboard does, before the first line.
 */
export async function dashboardLines(
  { sources, answers, log }: Surroundings,
  asked: Asked,
  send: (line: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { name, scope } = asked;
  const { DashboardBody = '' } = await sources.monitoring.call(
    'GetDashboard',
    { DashboardName: name },
    scope,
  );
  const drawing = await inSlices(drawingOf(DashboardBody, scope.region, sources.clock.now(), asked));
  const line = (of: DataLine) => send(JSON.stringify(of));
  if ('errors' in drawing) {
    const notes = drawing.errors.map(({ path, message }) => `${path || 'The body'}: ${message}`);
    await line(headOf(asked, { span: { start: 0, end: 0, isLive: false }, widgets: [], notes }));
    await line({ end: true });
    return;
  }
  await line(headOf(asked, drawing));
  let characters = 0;
  const textOf = (drawn: DrawnWidget) =>
    contentText({ sources, answers }, scope, drawn).catch((error: unknown) => {
      log.error({ err: error, dashboard: name }, 'a widget could not be made');
      return BROKEN;
    });
  const entries = drawing.widgets.entries();
  const lane = async () => {
    for (const [widget, drawn] of entries) {
      if (signal.aborted) return;
      const text = characters > MOST_CHARACTERS ? TOO_MUCH : await textOf(drawn);
      characters += text.length;
      await send(`{"widget":${widget},"content":${text}}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await line({ end: true });
}

const BROKEN = JSON.stringify({
  ...{ kind: 'undrawn', because: 'failed', reason: 'Internal failure; see the log.' },
} satisfies Content);

const TOO_MUCH = JSON.stringify({
  ...{ kind: 'undrawn', because: 'failed' },
  reason: 'The widgets before this one have so many values that the page would be too large.',
} satisfies Content);

const headOf = (
  { name, scope }: Asked,
  { span, widgets, notes }: { span: DashboardHead['span']; widgets: readonly DrawnWidget[]; notes: string[] },
): DashboardHead => ({
  ...{ head: true, name, region: scope.region, span, notes },
  widgets: widgets.map(
    ({ x, y, width, height, title, kind }): WidgetFrame => ({
      ...{ x, y, width, height, title },
      kind: kind === 'text' || kind === 'undrawn' || kind === 'alarms' ? kind : 'pending',
    }),
  ),
});

/** JSON of the widget's `Content`. */
async function contentText(
  { sources, answers }: Omit<Surroundings, 'log'>,
  page: Scope,
  drawn: DrawnWidget,
): Promise<string> {
  const textOf = async (content: Content | Promise<Content>) =>
    JSON.stringify((await content) satisfies WidgetLine['content']);
  switch (drawn.kind) {
    case 'text':
      return textOf({ kind: 'text', markdown: drawn.markdown, isTransparent: drawn.isTransparent });
    case 'undrawn':
      return textOf({ kind: 'undrawn', because: 'unsupported', reason: drawn.reason });
    case 'alarms':
      return await answers.answer(questionOf(page, drawn), KEEP_MS, () =>
        textOf(alarmContent(sources, page, drawn)),
      );
    case 'metrics':
      return await answers.answer(questionOf(page, drawn), keepMsOf(drawn), () =>
        textOf(metricContent(sources, page, drawn)),
      );
    case 'log':
      return await answers.answer(questionOf(page, drawn), KEEP_MS, () =>
        textOf(logContent(sources, page, drawn)),
      );
  }
}

/** A range that moves with the time is the same question a moment later. */
function questionOf(page: Scope, drawn: DrawnWidget): string {
  const { x: _x, y: _y, width: _w, height: _h, title: _t, ...rest } = drawn;
  const span =
    'span' in rest && rest.span.isLive ? Math.round((rest.span.end - rest.span.start) / 1000) : undefined;
  return JSON.stringify([page, span === undefined ? rest : { ...rest, span }]);
}

function keepMsOf({ requests }: Extract<DrawnWidget, { kind: 'metrics' }>): number {
  const periods = requests.flatMap(({ queries }) =>
    queries.flatMap(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? []),
  );
  return Math.min(KEEP_MS, ...periods.map((period) => period * 1000));
}

/** The scope that a page names. */
export const scopeAsked = (query: URLSearchParams, ownRegion: string): Scope => {
  const account = query.get('account') ?? '';
  const region = query.get('region') ?? '';
  return {
    accountId: /^\d{12}$/.test(account) ? account : DEFAULT_ACCOUNT_ID,
    region: /^[a-z0-9-]{1,40}$/.test(region) ? region : ownRegion,
  };
};
