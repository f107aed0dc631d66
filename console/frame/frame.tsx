// What is around every page: the name, the navigation and the region. Later pages are entries of PAGES.

import type { ComponentChildren } from 'preact';
import { DASHBOARDS_PATH } from '../../src/aws/console-address.ts';
import { REGIONS } from '../../src/aws/regions.ts';
import { queryOf, type Route, viewOf } from './page-state.ts';

interface Entry {
  label: string;
  path: string;
  pages: Route['page'][];
}

const PAGES: Entry[] = [{ label: 'Dashboards', path: DASHBOARDS_PATH, pages: ['dashboards', 'dashboard'] }];

/** The region of pages whose address names none: the server's own. */
const OWN_REGION =
  document.querySelector<HTMLMetaElement>('meta[name=millpond-region]')?.content ?? 'us-east-1';

export function Frame({ route, children }: { route: Route; children: ComponentChildren }) {
  const { region = OWN_REGION, account } = viewOf(location.search);
  const query = queryOf({ ...(region !== OWN_REGION && { region }), ...(account && { account }) });
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="frame">
        <a class="brand" href={`${DASHBOARDS_PATH}${query}`}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="7" />
            <path d="M5 14c4-4 7-4 11 0s7 4 11 0M5 21c4-4 7-4 11 0s7 4 11 0" />
          </svg>
          Millpond
        </a>
        <nav aria-label="Pages">
          {PAGES.map(({ label, path, pages }) => (
            <a
              key={path}
              href={`${path}${query}`}
              aria-current={pages.includes(route.page) ? 'page' : undefined}
            >
              {label}
            </a>
          ))}
        </nav>
        <RegionSelect region={region} />
      </header>
      {children}
    </>
  );
}

function RegionSelect({ region }: { region: string }) {
  const names = [...new Set([region, ...REGIONS.map(({ name }) => name)])].sort();
  const choose = (chosen: string) => {
    const view = { ...viewOf(location.search), region: chosen };
    location.assign(`${location.pathname}${queryOf(view)}`);
  };
  return (
    <label class="select region">
      <span class="hidden">Region</span>
      <select value={region} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
