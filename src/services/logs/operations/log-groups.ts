// Log groups: create, delete, describe, and how long they keep what they get.

import type { Scope } from '../../../aws/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { invalid } from '../faults.ts';
import { type LogStore, within } from '../log-store.ts';
import { groupArn, groupNameOf } from '../names.ts';
import { groupPages, pageRequest } from '../paging.ts';
import type { GroupRecord } from '../records.ts';
import type { Logs } from '../service.ts';
import { tagging } from '../tags.ts';

export function createLogGroup(logs: LogStore): HandlerOf<Logs, 'CreateLogGroup'> {
  return (input, context) => {
    if (input.deletionProtectionEnabled) throw invalid('Millpond protects no log groups from deletion.');
    const group: GroupRecord = {
      name: input.logGroupName,
      createdAt: logs.now(),
      ...(input.kmsKeyId && { kmsKeyId: input.kmsKeyId }),
      logGroupClass: input.logGroupClass ?? 'STANDARD',
      storedBytes: 0,
      tags: tagging.add({}, input.tags, context),
    };
    logs.transaction(() => logs.groups.add(context, group));
    return {};
  };
}

export function deleteLogGroup(logs: LogStore): HandlerOf<Logs, 'DeleteLogGroup'> {
  return async (input, context) => {
    await logs.removeGroup(context, input.logGroupName);
    return {};
  };
}

export function putRetentionPolicy(logs: LogStore): HandlerOf<Logs, 'PutRetentionPolicy'> {
  return (input, context) => {
    const days = input.retentionInDays;
    logs.transaction(() => {
      logs.groups.change(context, groupNameOf(input), (group) => ({ ...group, retentionDays: days }));
    });
    return {};
  };
}

export function deleteRetentionPolicy(logs: LogStore): HandlerOf<Logs, 'DeleteRetentionPolicy'> {
  return (input, context) => {
    logs.transaction(() => {
      logs.groups.change(context, groupNameOf(input), (group) => void delete group.retentionDays);
    });
    return {};
  };
}

/** The key is recorded; nothing is encrypted by it. */
export function associateKmsKey(logs: LogStore): HandlerOf<Logs, 'AssociateKmsKey'> {
  return (input, context) => {
    const { kmsKeyId } = input;
    const name = named(input);
    logs.transaction(() => logs.groups.change(context, name, (group) => ({ ...group, kmsKeyId })));
    return {};
  };
}

export function disassociateKmsKey(logs: LogStore): HandlerOf<Logs, 'DisassociateKmsKey'> {
  return (input, context) => {
    const name = named(input);
    logs.transaction(() => logs.groups.change(context, name, (group) => void delete group.kmsKeyId));
    return {};
  };
}

const named = ({
  logGroupName,
  resourceIdentifier,
}: {
  logGroupName?: string;
  resourceIdentifier?: string;
}) => groupNameOf({ logGroupName, logGroupIdentifier: resourceIdentifier });

export function describeLogGroups(logs: LogStore): HandlerOf<Logs, 'DescribeLogGroups'> {
  return async (input, context) => {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupClass } = input;
    if (prefix && pattern) {
      throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    const wanted = (group: GroupRecord) =>
      group.name.includes(pattern ?? '') && (!logGroupClass || group.logGroupClass === logGroupClass);
    const request = pageRequest(input);
    const page = input.logGroupIdentifiers?.length
      ? groupPages.ofSorted(
          groupsNamed(logs, context, input.logGroupIdentifiers).filter(wanted),
          ({ name }) => name,
          request,
        )
      : await groupPages.ofCollection(logs.groups, context, {
          ...request,
          ...(prefix && { prefix }),
          ...((pattern || logGroupClass) && { wanted }),
        });
    return { logGroups: page.items.map((group) => view(logs, context, group)), nextToken: page.token };
  };
}

function groupsNamed(logs: LogStore, scope: Scope, identifiers: readonly string[]): GroupRecord[] {
  const names = new Set(identifiers.map((one) => groupNameOf({ logGroupIdentifier: one })));
  return [...names].sort().flatMap((name) => logs.groups.find(scope, name) ?? []);
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
    metricFilterCount: logs.filters.count(scope, within(group.name)),
    storedBytes: group.storedBytes,
    deletionProtectionEnabled: false,
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logGroupClass as 'STANDARD',
  };
}
