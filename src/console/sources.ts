// Where the data of the console's pages comes from: the services, by the same clients that they use for each other, so
// that a service at another endpoint is shown as well.

import type * as MonitoringSdk from '@aws-sdk/client-cloudwatch';
import type * as LogsSdk from '@aws-sdk/client-cloudwatch-logs';
import type { Scope } from '../aws/scope.ts';
import type { Clock } from '../kernel/clock.ts';
import { OperationalError } from '../kernel/errors.ts';
import type { Client } from '../wire/client.ts';
import { Fault } from '../wire/fault.ts';

/** What the pages are made from. */
export interface Sources {
  monitoring: Client<typeof MonitoringSdk>;
  logs: Client<typeof LogsSdk>;
  clock: Clock;
}

/** The place of a query: another account or region than the page's, if the widget says so. */
export const scopeOf = (page: Scope, other: { accountId?: string; region?: string }): Scope => ({
  accountId: other.accountId ?? page.accountId,
  region: other.region || page.region,
});

/** The sentence of a refused or failed call. Throws anything else: a bug. */
export function reasonOf(error: unknown): string {
  if (error instanceof Fault || error instanceof OperationalError) return error.message;
  // Of the SDK, when the service is at another endpoint.
  if (error instanceof Error && '$metadata' in error) return error.message;
  throw error;
}
