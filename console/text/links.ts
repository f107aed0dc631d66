// Where links of a dashboard lead: only to web pages, mail addresses and places of this console. Pure.

import { consolePlaceOf, pageOf, placeIn } from '../../src/aws/console-address.ts';

const ALLOWED = new Set(['http:', 'https:', 'mailto:']);

/** The address to link to, or `undefined` for one that is only shown. Addresses of AWS's dashboards become Millpond's. */
export function safeLink(href: string, base: string): string | undefined {
  const place = consolePlaceOf(href) ?? (href.startsWith('#') ? placeIn('', href) : undefined);
  if (place) return pageOf(place);
  const url = URL.parse(href, base);
  return url && ALLOWED.has(url.protocol) ? url.href : undefined;
}
