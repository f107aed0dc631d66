// Log groups: create, delete, describe, and set their retention and key.

import type { Scope } from '../../../aws/scope.ts';
import type { Logs } from '../context.ts';
import { invalid } from '../faults.ts';
import { groupArn, groupNameOf } from '../names.ts';
import { groupPages, pageRequest } from '../paging.ts';
import { type GroupRecord, within } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';

/** Throws ResourceAlreadyExists or LimitExceeded. */
export const CreateLogGroup: Operation<'CreateLogGroup'> = (logs, input, context) => {
  if (input.deletionProtectionEnabled)
    throw invalid('Millpond does not support the deletion protection of log groups.');
  const group: GroupRecord = {
    name: input.logGroupName,
    createdAt: logs.clock.now(),
    ...(input.kmsKeyId && { kmsKeyId: input.kmsKeyId }),
    logGroupClass: input.logGroupClass ?? 'STANDARD',
    tags: tagging.add({}, input.tags, context),
  };
  logs.store.transaction(() => logs.records.groups.add(context, group));
  return {};
};

/** Deletes the events first, then the streams in steps, so other requests may see a group with fewer streams. */
export const DeleteLogGroup: Operation<'DeleteLogGroup'> = async (logs, input, context) => {
  await logs.logStore.removeGroup(context, input.logGroupName);
  return {};
};

/** Older events are hidden from now on, and deleted when all of their segment are older. */
export const PutRetentionPolicy: Operation<'PutRetentionPolicy'> = (logs, input, context) => {
  const days = input.retentionInDays;
  logs.store.transaction(() => {
    const name = groupNameOf(input);
    const group = logs.records.groups.change(context, name, (held) => ({ ...held, retentionDays: days }));
    logs.logStore.expire(context, group);
  });
  return {};
};

export const DeleteRetentionPolicy: Operation<'DeleteRetentionPolicy'> = (logs, input, context) => {
  logs.store.transaction(() => {
    logs.records.groups.change(context, groupNameOf(input), (group) => void delete group.retentionDays);
  });
  return {};
};

/** Records the key. Nothing is encrypted with it. */
export const AssociateKmsKey: Operation<'AssociateKmsKey'> = (logs, input, context) => {
  const { kmsKeyId } = input;
  const name = named(input);
  logs.store.transaction(() =>
    logs.records.groups.change(context, name, (group) => ({ ...group, kmsKeyId })),
  );
  return {};
};

export const DisassociateKmsKey: Operation<'DisassociateKmsKey'> = (logs, input, context) => {
  const name = named(input);
  logs.store.transaction(() =>
    logs.records.groups.change(context, name, (group) => void delete group.kmsKeyId),
  );
  return {};
};

const named = ({
  logGroupName,
  resourceIdentifier,
}: {
  logGroupName?: string;
  resourceIdentifier?: string;
}) => groupNameOf({ logGroupName, logGroupIdentifier: resourceIdentifier });

/** Throws InvalidParameter for a prefix and a pattern together. */
export const DescribeLogGroups: Operation<'DescribeLogGroups'> = async (logs, input, context) => {
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
    : await groupPages.ofCollection(logs.records.groups, context, {
        ...request,
        ...(prefix && { prefix }),
        ...((pattern || logGroupClass) && { wanted }),
      });
  return { logGroups: page.items.map((group) => view(logs, context, group)), nextToken: page.token };
};

function groupsNamed(logs: Logs, scope: Scope, identifiers: readonly string[]): GroupRecord[] {
  const names = new Set(identifiers.map((one) => groupNameOf({ logGroupIdentifier: one })));
  return [...names].sort().flatMap((name) => logs.records.groups.find(scope, name) ?? []);
}

function view(logs: Logs, scope: Scope, group: GroupRecord) {
  const arn = groupArn(scope, group.name);
  return {
    logGroupName: group.name,
    // AWS: `arn` ends in `:*`, the form that policies use; `logGroupArn` is the form that tag operations use.
    arn: `${arn}:*`,
    logGroupArn: arn,
    creationTime: group.createdAt,
    retentionInDays: group.retentionDays,
    metricFilterCount: logs.records.filters.count(scope, within(group.name)),
    storedBytes: logs.logStore.storedBytes(scope, group.name),
    deletionProtectionEnabled: false,
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logGroupClass as 'STANDARD',
  };
}
