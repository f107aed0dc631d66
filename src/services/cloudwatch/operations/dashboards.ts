// Dashboards: put, get, list, delete.

import type { DashboardValidationMessage } from '@aws-sdk/client-cloudwatch';
import { pagesOf } from '../../../aws/pages.ts';
import { inSlices } from '../../../kernel/turn.ts';
import { Fault } from '../../../wire/fault.ts';
import { NO_OBJECT, readBody } from '../dashboards/body.ts';
import type { Deviation } from '../dashboards/checks.ts';
import { type DashboardRecord, dashboardArn } from '../dashboards/records.ts';
import { invalid } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from './tags.ts';

const PAGE = 100;
const pages = pagesOf({
  list: 'cloudwatch dashboards',
  invalidToken: (token) => invalid(token, 'NextToken'),
});

/** AWS: replaces a dashboard of the same name except for its tags. */
export const PutDashboard: Operation<'PutDashboard'> = async (
  { clock, dashboards, transaction },
  input,
  context,
) => {
  const { DashboardName: name, DashboardBody: body } = input;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw wrong('The field DashboardName must have 1 to 255 characters: letters, digits, - and _.');
  }
  const warnings = await checkBody(body);
  transaction(() => {
    const held = dashboards.find(context, name);
    const tags = held?.tags ?? tagging.add({}, input.Tags, context);
    const record: DashboardRecord = { name, body, modifiedAt: clock.now(), tags };
    if (held) dashboards.put(context, record);
    else dashboards.add(context, record);
  });
  return { DashboardValidationMessages: warnings };
};

/** Throws DashboardNotFoundError. */
export const GetDashboard: Operation<'GetDashboard'> = ({ dashboards }, input, context) => {
  const { name, body } = dashboards.existing(context, input.DashboardName);
  return { DashboardName: name, DashboardBody: body, DashboardArn: dashboardArn(context, name) };
};

export const ListDashboards: Operation<'ListDashboards'> = async ({ dashboards }, input, context) => {
  const { items, token } = await pages.ofCollection(dashboards, context, {
    ...{ limit: PAGE, token: input.NextToken },
    ...(input.DashboardNamePrefix !== undefined && { prefix: input.DashboardNamePrefix }),
  });
  return {
    DashboardEntries: items.map(({ name, body, modifiedAt }) => ({
      DashboardName: name,
      DashboardArn: dashboardArn(context, name),
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

/** Resolves to the warnings. Rejects with DashboardInvalidInputError. */
async function checkBody(json: string): Promise<DashboardValidationMessage[]> {
  const { body, report } = await inSlices(readBody(json));
  if (body) return report.warnings.map(messageOf);
  const [first] = report.errors;
  if (first!.message === NO_OBJECT) throw wrong(NO_OBJECT);
  const errors = report.errors.map(({ path, message }) => ({ dataPath: path, message }));
  // AWS: the message has the errors as JSON, too.
  throw wrong(
    `The dashboard body is invalid, there are ${errors.length} validation errors:\n${JSON.stringify(errors, undefined, 2)}`,
    report.errors.map(messageOf),
  );
}

const messageOf = ({ path, message }: Deviation): DashboardValidationMessage => ({
  DataPath: path,
  Message: message,
});

const wrong = (message: string, messages: DashboardValidationMessage[] = [{ Message: message }]): Fault =>
  new Fault('DashboardInvalidInputError', message, { members: { dashboardValidationMessages: messages } });
