// The console in the browser: finds the page that the address names, and draws it.

import 'uplot/dist/uPlot.min.css';
import './styles/frame.css';
import './styles/dashboard.css';
import './styles/widgets.css';
import './styles/graphs.css';
import './styles/charts.css';
import './styles/markdown.css';
import { render } from 'preact';
import { DASHBOARDS_PATH, pageOf } from '../src/aws/console-address.ts';
import { DashboardPage } from './dashboards/dashboard-page.tsx';
import { ListPage } from './dashboards/list-page.tsx';
import { Frame } from './frame/frame.tsx';
import { type Route, routeOf } from './frame/page-state.ts';

function start(): void {
  const route = routeOf(location);
  // Also when only the fragment of AWS's address changes.
  if (route.page === 'elsewhere') {
    location.replace(pageOf(route.place));
    return;
  }
  if (route.page === 'unknown') addEventListener('hashchange', start, { once: true });
  document.title = `${route.page === 'dashboard' ? route.name : 'Dashboards'} – Millpond`;
  render(
    <Frame route={route}>
      <Page route={route} />
    </Frame>,
    document.getElementById('page')!,
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'dashboard':
      return <DashboardPage name={route.name} />;
    case 'dashboards':
      return <ListPage />;
    default:
      return (
        <main id="main">
          <p class="empty">
            Millpond does not have this page. It draws <a href={DASHBOARDS_PATH}>dashboards</a>.
          </p>
        </main>
      );
  }
}

start();
