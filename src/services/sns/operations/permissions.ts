// AddPermission and RemovePermission: statements of a topic's policy, which is recorded and not enforced.

import { partitionOf } from '../../../kernel/scope.ts';
import { defaultPolicy } from '../domain/attributes.ts';
import { invalidParameter } from '../faults.ts';
import { type FoundTopic, findTopic, type Operation, type Sns } from '../sns.ts';

interface Policy {
  Statement: { Sid?: unknown }[];
}

export const addPermission =
  (sns: Sns): Operation<'AddPermission'> =>
  (input) => {
    if (!/^[\w-]{1,80}$/.test(input.Label)) throw invalidParameter('Label');
    if (input.AWSAccountId.length === 0) throw invalidParameter('AWSAccountId');
    if (input.ActionName.length === 0) throw invalidParameter('ActionName');
    change(sns, input.TopicArn, ({ scope, topic }, policy) => {
      if (policy.Statement.some(({ Sid }) => Sid === input.Label)) {
        throw invalidParameter('Statement already exists');
      }
      const partition = partitionOf(scope.region);
      policy.Statement.push({
        ...{ Sid: input.Label, Effect: 'Allow' },
        Principal: { AWS: input.AWSAccountId.map((account) => `arn:${partition}:iam::${account}:root`) },
        Action: input.ActionName.map((action) => `SNS:${action}`),
        Resource: `arn:${partition}:sns:${scope.region}:${scope.accountId}:${topic.name}`,
      } as { Sid: string });
    });
    return {};
  };

export const removePermission =
  (sns: Sns): Operation<'RemovePermission'> =>
  (input) => {
    change(sns, input.TopicArn, (_found, policy) => {
      policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== input.Label);
    });
    return {};
  };

function change(sns: Sns, arn: string, edit: (found: FoundTopic, policy: Policy) => void): void {
  sns.store.transaction(() => {
    const found = findTopic(sns, arn);
    const { scope, topic } = found;
    const held: unknown = topic.attributes.Policy && JSON.parse(topic.attributes.Policy);
    const policy = (held ?? defaultPolicy(scope, topic.name)) as Policy;
    // A policy of the user's own may have one statement, or nothing that is one.
    const statements: unknown[] = [policy.Statement ?? []].flat();
    policy.Statement = statements.filter(
      (one): one is { Sid?: unknown } => typeof one === 'object' && one !== null,
    );
    edit(found, policy);
    topic.attributes.Policy = JSON.stringify(policy);
    sns.records.topics.put(scope, topic.name, topic);
  });
}
