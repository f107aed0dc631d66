// Dashboards: put, get, list, delete.

import { pagesOf } from '../../../aws/pages.ts';
import { partitionOf, type Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { DashboardRecord } from '../dashboards.ts';
import { invalid } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from './tags.ts';

const PAGE = 100;
const pages = pagesOf({
  list: 'cloudwatch dashboards',
  invalidToken: (token) => invalid(token, 'NextToken'),
});

/** AWS: replaces a dashboard of the same name except for its tags. */
export const PutDashboard: Operation<'PutDashboard'> = (
  { clock, dashboards, transaction },
  input,
  context,
) => {
  const { DashboardName: name, DashboardBody: body } = input;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw wrong('The field DashboardName must have 1 to 255 characters: letters, digits, - and _.');
  }
  checkBody(body);
  transaction(() => {
    const held = dashboards.find(context, name);
    const tags = held?.tags ?? tagging.add({}, input.Tags, context);
    const record: DashboardRecord = { name, body, modifiedAt: clock.now(), tags };
    if (held) dashboards.put(context, record);
    else dashboards.add(context, record);
  });
  return { DashboardValidationMessages: [] };
};

/** Throws DashboardNotFoundError. */
export const GetDashboard: Operation<'GetDashboard'> = ({ dashboards }, input, context) => {
  const { name, body } = dashboards.existing(context, input.DashboardName);
  return { DashboardName: name, DashboardBody: body, DashboardArn: arnOf(context, name) };
};

export const ListDashboards: Operation<'ListDashboards'> = async ({ dashboards }, input, context) => {
  const { items, token } = await pages.ofCollection(dashboards, context, {
    ...{ limit: PAGE, token: input.NextToken },
    ...(input.DashboardNamePrefix !== undefined && { prefix: input.DashboardNamePrefix }),
  });
  return {
    DashboardEntries: items.map(({ name, body, modifiedAt }) => ({
      DashboardName: name,
      DashboardArn: arnOf(context, name),
      LastModified: new Date(modifiedAt),
      Size: Buffer.byteLength(body),
    })),
    NextToken: token,
  };
};

/** AWS: deletes all the dashboards, or none if one does not exist. */
export const DeleteDashboards: Operation<'DeleteDashboards'> = (
  { dashboards, transaction },
  input,
  context,
) => {
  transaction(() => {
    for (const name of input.DashboardNames) dashboards.existing(context, name);
    for (const name of input.DashboardNames) dashboards.remove(context, name);
  });
  return {};
};

/** AWS: the ARN has no region. */
const arnOf = ({ accountId, region }: Scope, name: string): string =>
  `arn:${partitionOf(region)}:cloudwatch::${accountId}:dashboard/${name}`;

function checkBody(body: string): void {
  let read: unknown;
  try {
    read = JSON.parse(body);
  } catch {
    throw wrong('The field DashboardBody must be a valid JSON object');
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw wrong('The field DashboardBody must be a valid JSON object');
  const { widgets } = read as { widgets?: unknown };
  if (!Array.isArray(widgets)) throw wrong('Should have required property widgets, a list', '/');
}

const wrong = (message: string, dataPath?: string): Fault =>
  new Fault('DashboardInvalidInputError', message, {
    members: { dashboardValidationMessages: [{ Message: message, ...(dataPath && { DataPath: dataPath }) }] },
  });
