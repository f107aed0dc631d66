// Addresses of AWS's console, and the pages of Millpond in their place. Pure; the console's pages in the browser use it,
// too.

/** What an address of AWS's CloudWatch console shows. */
export interface ConsolePlace {
  region?: string;
  /** Absent for the list. */
  dashboard?: string;
}

/** AWS: the consoles of the partitions, each also with a region in front. */
const CONSOLE_HOST =
  /^(?:(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.)?console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$/;
const CLOUDWATCH_HOME = /^\/cloudwatch\/(?:home|deeplink\.js)?$/;
/** AWS: the older and the newer form; further parameters follow. */
const DASHBOARD = [/^#?dashboards:name=([^;?&/]*)/, /^#?dashboards\/dashboard\/([^;?&/]*)/];
const DASHBOARDS = /^#?(?:dashboards(?:[:;?/].*)?|home:?.*)?$/;
const REGION = /^[a-z0-9-]{1,40}$/;

/** The path of the dashboards' pages. */
export const DASHBOARDS_PATH = '/_millpond/dashboards';

/** The place in an address of AWS's console; `undefined` for other addresses, and for pages other than dashboards. */
export function consolePlaceOf(address: string): ConsolePlace | undefined {
  const url = consoleUrl(address);
  if (!url || !CLOUDWATCH_HOME.test(url.pathname)) return undefined;
  return placeIn(url.search, url.hash, CONSOLE_HOST.exec(url.hostname)?.groups?.region);
}

/** Whether an address is one of AWS's console, whatever it shows. */
export const isConsoleAddress = (address: string): boolean => consoleUrl(address) !== undefined;

function consoleUrl(address: string): URL | undefined {
  const url = URL.parse(address);
  return url?.protocol === 'https:' && CONSOLE_HOST.test(url.hostname) ? url : undefined;
}

/** The place in the query and the fragment of `/cloudwatch/home`; `undefined` for pages other than dashboards. */
export function placeIn(search: string, fragment: string, ownRegion?: string): ConsolePlace | undefined {
  const asked = new URLSearchParams(search).get('region') ?? ownRegion;
  const region = asked !== undefined && REGION.test(asked) ? asked : undefined;
  const name = DASHBOARD.map((form) => form.exec(fragment)?.[1]).find((found) => found !== undefined);
  if (name === undefined && !DASHBOARDS.test(fragment)) return undefined;
  return { ...(region && { region }), ...(name && { dashboard: decoded(name) }) };
}

/** The path and query of Millpond's page. */
export function pageOf({ region, dashboard }: ConsolePlace, accountId?: string): string {
  const query = new URLSearchParams({ ...(region && { region }), ...(accountId && { account: accountId }) });
  const name = dashboard === undefined ? '' : `/${encodeURIComponent(dashboard)}`;
  return `${DASHBOARDS_PATH}${name}${query.size > 0 ? `?${query}` : ''}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
