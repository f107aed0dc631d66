// A group's SNS topic, as requests name it. AWS: the topic must be in the same account and region. A topic that
// ElastiCache cannot publish to is stored, and shown as inactive.

import { parseArn } from '../../../aws/arn.ts';
import { partitionOf, type Scope } from '../../../aws/scope.ts';
import { within } from '../../../kernel/time-limit.ts';
import type { Group } from '../clusters/domain/model.ts';
import type { ElastiCache } from '../context.ts';
import { invalidTopicArn } from '../faults/clusters.ts';
import { invalidParameterValue } from '../faults/requests.ts';

interface TopicRequest {
  NotificationTopicArn?: string | undefined;
  NotificationTopicStatus?: string | undefined;
}

/** What a request changes. An absent member stays as it is; the ARN `none` removes the topic. */
export interface TopicChange {
  arn?: string | 'none';
  status?: 'active' | 'inactive';
}

/** How long SNS may take to describe a topic. Without an answer, the topic counts as usable. */
const LOOK_LIMIT_MS = 2_000;

/** The change that a request asks for; `present` is the group's topic. Rejects with InvalidParameterValue. */
export async function topicChangeOf(
  { sns }: Pick<ElastiCache, 'sns'>,
  scope: Scope,
  { NotificationTopicArn: arn, NotificationTopicStatus: status }: TopicRequest,
  present?: string | undefined,
): Promise<TopicChange> {
  if (status !== undefined && status !== 'active' && status !== 'inactive') {
    throw invalidParameterValue('NotificationTopicStatus must be active or inactive.');
  }
  if (arn === '') return { arn: 'none' };
  if (arn !== undefined) checkTopic(scope, arn);
  const topic = arn ?? present;
  const isLookedAt = topic !== undefined && (arn !== undefined || status === 'active');
  const isUsable = !isLookedAt || (await canPublish(sns, scope, topic));
  const shown = isUsable
    ? (status ?? (arn === undefined || arn === present ? undefined : 'active'))
    : 'inactive';
  return { ...(arn !== undefined && { arn }), ...(shown && { status: shown }) };
}

/** Applies the change to the group's record. */
export function changeTopic(group: Group, { arn, status }: TopicChange): void {
  if (arn === 'none') {
    delete group.notificationTopicArn;
    delete group.notificationTopicStatus;
    return;
  }
  if (arn !== undefined) group.notificationTopicArn = arn;
  if (status !== undefined) group.notificationTopicStatus = status;
}

function checkTopic(scope: Scope, text: string): void {
  const arn = parseArn(text);
  const isHere =
    arn?.service === 'sns' &&
    arn.partition === partitionOf(scope.region) &&
    arn.region === scope.region &&
    arn.accountId === scope.accountId &&
    /^[\w-]{1,256}$/.test(arn.resource);
  if (!isHere) throw invalidTopicArn(text);
}

/** AWS: cannot publish to an encrypted topic, or to one whose policy requires aws:SourceAccount. */
async function canPublish(sns: ElastiCache['sns'], scope: Scope, topicArn: string): Promise<boolean> {
  if (!sns) return true;
  const looked = sns.call('GetTopicAttributes', { TopicArn: topicArn }, scope);
  const answer = await within(looked, LOOK_LIMIT_MS, () => new Error('no answer in time')).catch(
    () => undefined,
  );
  const { Attributes: attributes = {} } = answer ?? {};
  return !attributes.KmsMasterKeyId && admitsElastiCache(attributes.Policy);
}

function admitsElastiCache(policy: string | undefined): boolean {
  if (!policy) return true;
  let statements: { Effect?: unknown; Condition?: unknown }[];
  try {
    statements = [(JSON.parse(policy) as { Statement?: typeof statements }).Statement ?? []].flat();
  } catch {
    return true;
  }
  const allowing = statements.filter(({ Effect }) => Effect === 'Allow');
  const asksForAccount = ({ Condition }: { Condition?: unknown }) =>
    /"aws:sourceaccount"/i.test(JSON.stringify(Condition ?? {}));
  return allowing.length === 0 || !allowing.every(asksForAccount);
}
