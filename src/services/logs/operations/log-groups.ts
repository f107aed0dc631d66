// Log groups: create, delete, describe, and how long they keep what they get.

import type { Scope } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { invalid } from '../faults.ts';
import type { LogStore } from '../log-store.ts';
import { groupArn, groupNameOf } from '../names.ts';
import { page } from '../paging.ts';
import type { GroupRecord } from '../records.ts';
import type { Logs } from '../service.ts';
import { tagging } from '../tags.ts';

const MAX_PAGE = 50;

export function createLogGroup(logs: LogStore): HandlerOf<Logs, 'CreateLogGroup'> {
  return (input, context) => {
    const group: GroupRecord = {
      name: input.logGroupName,
      createdAt: logs.now(),
      ...(input.kmsKeyId && { kmsKeyId: input.kmsKeyId }),
      logGroupClass: input.logGroupClass ?? 'STANDARD',
      tags: tagging.add({}, input.tags, context),
    };
    logs.transaction(() => logs.addGroup(context, group));
    return {};
  };
}

export function deleteLogGroup(logs: LogStore): HandlerOf<Logs, 'DeleteLogGroup'> {
  return (input, context) => {
    logs.transaction(() => logs.removeGroup(context, logs.group(context, input.logGroupName).name));
    return {};
  };
}

export function putRetentionPolicy(logs: LogStore): HandlerOf<Logs, 'PutRetentionPolicy'> {
  return (input, context) => {
    const days = input.retentionInDays;
    logs.transaction(() => {
      logs.putGroup(context, { ...logs.group(context, groupNameOf(input)), retentionDays: days });
    });
    return {};
  };
}

export function deleteRetentionPolicy(logs: LogStore): HandlerOf<Logs, 'DeleteRetentionPolicy'> {
  return (input, context) => {
    logs.transaction(() => {
      const { retentionDays: _, ...group } = logs.group(context, groupNameOf(input));
      logs.putGroup(context, group);
    });
    return {};
  };
}

export function describeLogGroups(logs: LogStore): HandlerOf<Logs, 'DescribeLogGroups'> {
  return (input, context) => {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
    if (prefix && pattern) {
      throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    const asked = input.logGroupIdentifiers?.map((one) => groupNameOf({ logGroupIdentifier: one }));
    const matching = logs
      .groups(context)
      .filter((group) => group.name.startsWith(prefix ?? '') && group.name.includes(pattern ?? ''))
      .filter((group) => !asked || asked.includes(group.name));
    const { items, nextToken } = page(matching, (group) => group.name, MAX_PAGE, input);
    return { logGroups: items.map((group) => view(logs, context, group)), nextToken };
  };
}

function view(logs: LogStore, scope: Scope, group: GroupRecord) {
  const arn = groupArn(scope, group.name);
  return {
    logGroupName: group.name,
    // AWS: the one ends in `:*`, which policies need; the other is what tags take.
    arn: `${arn}:*`,
    logGroupArn: arn,
    creationTime: group.createdAt,
    retentionInDays: group.retentionDays,
    metricFilterCount: 0,
    storedBytes: logs.streams(scope, group.name).reduce((sum, stream) => sum + stream.storedBytes, 0),
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logGroupClass as 'STANDARD',
  };
}
