// The list of dashboards.

import { useEffect, useState } from 'preact/hooks';
import { DASHBOARDS_PATH } from '../../src/aws/console-address.ts';
import type { DashboardList } from '../../src/console/contract.ts';
import { queryOf, viewOf } from '../frame/page-state.ts';
import { agoText } from '../text/format.ts';
import { refusalIn } from './read-lines.ts';

export function ListPage() {
  const [list, setList] = useState<DashboardList>();
  const [failure, setFailure] = useState<string>();
  const { region, account } = viewOf(location.search);
  const query = queryOf({ ...(region && { region }), ...(account && { account }) });
  useEffect(() => {
    const gone = new AbortController();
    read(query, gone.signal).then(setList, (error: Error) => {
      if (!gone.signal.aborted) setFailure(error.message);
    });
    return () => gone.abort();
  }, [query]);
  return (
    <main id="main">
      <div class="toolbar">
        <div class="title">
          <h1>Dashboards</h1>
        </div>
      </div>
      {failure && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      {list?.dashboards.length === 0 && (
        <p class="empty">
          There are no dashboards yet. <code>aws cloudwatch put-dashboard</code> makes one, and so does a
          stack with an <code>AWS::CloudWatch::Dashboard</code>.
        </p>
      )}
      <ul class="dashboards">
        {list?.dashboards.map(({ name, modifiedAt }) => (
          <li key={name}>
            <a class="dashboard-card" href={`${DASHBOARDS_PATH}/${encodeURIComponent(name)}${query}`}>
              <strong>{name}</strong>
              <span>changed {agoText(modifiedAt, Date.now())}</span>
            </a>
          </li>
        ))}
      </ul>
    </main>
  );
}

async function read(query: string, signal: AbortSignal): Promise<DashboardList> {
  const response = await fetch(`${DASHBOARDS_PATH}${query}`, {
    ...{ signal, headers: { accept: 'application/json' }, credentials: 'omit' },
  });
  if (!response.ok) throw new Error(await refusalIn(response));
  return (await response.json()) as DashboardList;
}
