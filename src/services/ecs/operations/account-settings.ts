// Settings of the account: recorded and shown, and nothing comes of them.

import type { Scope } from '../../../aws/scope.ts';
import type { Ecs } from '../context.ts';
import { unknownSetting } from '../faults.ts';
import { pageRequest, settingPages } from '../paging.ts';
import type { Setting } from '../records.ts';
import type { Operation } from '../sdk.ts';

/** AWS: the settings of a new account. */
const DEFAULTS: Readonly<Record<string, string>> = {
  awsvpcTrunking: 'disabled',
  containerInsights: 'disabled',
  containerInstanceLongArnFormat: 'enabled',
  dualStackIPv6: 'enabled',
  defaultLogDriverMode: 'non-blocking',
  fargateFIPSMode: 'off',
  fargateTaskRetirementWaitPeriod: '7',
  fargateEventWindows: 'disabled',
  guardDutyActivate: 'off',
  serviceLongArnFormat: 'enabled',
  tagResourceAuthorization: 'off',
  taskLongArnFormat: 'enabled',
};

const rootOf = ({ accountId }: Scope): string => `arn:aws:iam::${accountId}:root`;
const keyOf = (principal: string, name: string): string => `${principal} ${name}`;

function put(ecs: Ecs, scope: Scope, { name, value, principalArn }: Setting) {
  if (!Object.hasOwn(DEFAULTS, name)) throw unknownSetting(Object.keys(DEFAULTS));
  const setting = { name, value, ...(principalArn !== undefined && { principalArn }) };
  ecs.records.settings.put(scope, keyOf(principalArn ?? '', name), setting);
  return {
    setting: {
      name: name as 'awsvpcTrunking',
      value,
      principalArn: principalArn ?? rootOf(scope),
      type: 'user' as const,
    },
  };
}

/** Throws InvalidParameterException. */
export const PutAccountSetting: Operation<'PutAccountSetting'> = (
  ecs,
  { name, value, principalArn },
  context,
) => put(ecs, context, { name, value, principalArn: principalArn ?? rootOf(context) });

/** Throws InvalidParameterException. */
export const PutAccountSettingDefault: Operation<'PutAccountSettingDefault'> = (
  ecs,
  { name, value },
  context,
) => put(ecs, context, { name, value });

/** Throws InvalidParameterException. */
export const DeleteAccountSetting: Operation<'DeleteAccountSetting'> = (ecs, input, context) => {
  const { name, principalArn = rootOf(context) } = input;
  if (!Object.hasOwn(DEFAULTS, name)) throw unknownSetting(Object.keys(DEFAULTS));
  ecs.records.settings.delete(context, keyOf(principalArn, name));
  return { setting: { name, value: settingValue(ecs, context, name, principalArn), principalArn } };
};

const settingValue = ({ records }: Ecs, scope: Scope, name: string, principal: string): string =>
  (records.settings.get(scope, keyOf(principal, name)) ?? records.settings.get(scope, keyOf('', name)))
    ?.value ?? DEFAULTS[name]!;

/** AWS: with `effectiveSettings` also those that nobody has set. */
export const ListAccountSettings: Operation<'ListAccountSettings'> = (ecs, input, context) => {
  const { name, value, effectiveSettings = false, principalArn = rootOf(context) } = input;
  const names = Object.keys(DEFAULTS)
    .sort()
    .filter((one) => name === undefined || one === name)
    .filter((one) => effectiveSettings || ecs.records.settings.get(context, keyOf(principalArn, one)));
  const all = names
    .map((one) => ({
      name: one as 'awsvpcTrunking',
      value: settingValue(ecs, context, one, principalArn),
      principalArn,
    }))
    .filter((one) => value === undefined || one.value === value);
  const page = settingPages.ofSorted(all, (one) => one.name, pageRequest(input));
  return { settings: page.items, ...(page.token !== undefined && { nextToken: page.token }) };
};
