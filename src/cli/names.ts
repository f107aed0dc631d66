// `millpond names add|remove|list`: names for the replicas of a group. They are a tag of the group; ElastiCache does
// the rest.

import { renderArn } from '../aws/arn.ts';
import { parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import type { GroupStatus } from '../status.ts';
import { type CliContext, print } from './context.ts';
import type { DataDirFlags } from './flags.ts';
import { ApiError, ELASTICACHE, requestQuery } from './query-request.ts';
import { fetchStatus, runningInstance } from './running.ts';

const TAG = 'millpond:replica-names';

/** Adds the tag. Throws CommandFailed with the API's message when it is refused. */
export async function addNames(
  context: CliContext,
  flags: DataDirFlags,
  groupId: string,
  domain: string,
): Promise<void> {
  const tag = { 'Tags.Tag.1.Key': TAG, 'Tags.Tag.1.Value': domain };
  await requestFor(context, flags, groupId, 'AddTagsToResource', tag);
  const { names } = (await groupNamed(context, flags, groupId)).group.replicaNames ?? { names: [] };
  for (const { name, member } of names) print(`${name}   ${member}`);
}

/** Removes the tag. Throws CommandFailed as `addNames` does. */
export async function removeNames(context: CliContext, flags: DataDirFlags, groupId: string): Promise<void> {
  const keys = { 'TagKeys.member.1': TAG };
  await requestFor(context, flags, groupId, 'RemoveTagsFromResource', keys);
}

/** Prints all names of replicas. */
export async function listNames(
  context: CliContext,
  { json, ...flags }: DataDirFlags & { json?: boolean },
): Promise<void> {
  const { groups } = await statusOf(context, flags);
  const all = groups.flatMap(({ id, region, replicaNames }) =>
    (replicaNames?.names ?? []).map((entry) => ({ group: id, region, ...entry })),
  );
  if (json) return print(JSON.stringify(all, undefined, 2));
  if (all.length === 0) print('No replicas have names yet.');
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const { name, member, group } of all) print(`${name.padEnd(width)}   ${member}   of ${group}`);
}

async function requestFor(
  context: CliContext,
  flags: DataDirFlags,
  groupId: string,
  action: string,
  parameters: Record<string, string>,
): Promise<void> {
  const { group, url } = await groupNamed(context, flags, groupId);
  const { accountId, region } = group;
  const ResourceName = renderArn('elasticache', { accountId, region }, `replicationgroup:${group.id}`);
  try {
    const caller = { accessKeyId: accountId, region };
    await requestQuery(url, ELASTICACHE, action, { ResourceName, ...parameters }, caller);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new OperationalError('CommandFailed', error.message, error);
  }
}

/**
 * Finds a group; of several with this id, the one in Millpond's own region. Throws CommandFailed when there is none.
 */
async function groupNamed(
  context: CliContext,
  flags: DataDirFlags,
  groupId: string,
): Promise<{ group: GroupStatus; url: string }> {
  const { groups, region, url } = await statusOf(context, flags);
  const named = groups.filter(({ id }) => id === groupId.toLowerCase());
  const group = named.find((one) => one.region === region) ?? named[0];
  if (!group) throw new OperationalError('CommandFailed', `There is no replication group ${groupId}.`);
  return { group, url };
}

const statusOf = ({ env }: CliContext, flags: DataDirFlags) =>
  fetchStatus(runningInstance(parseConfig(flags, env).dataDir));
