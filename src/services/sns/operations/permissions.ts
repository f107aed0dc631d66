// AddPermission and RemovePermission change the statements of a topic's policy, which is recorded and not enforced.

import type { Scope } from '../../../aws/scope.ts';
import { type FoundTopic, findTopic, type Sns } from '../context.ts';
import { checkAccounts, checkActions, defaultPolicy, permissionStatement } from '../domain/topic-policy.ts';
import { invalidParameter } from '../faults.ts';
import type { Operation } from '../sdk.ts';

interface Policy {
  Statement: { Sid?: unknown }[];
}

/** Throws InvalidParameter, for a label that exists, too. */
export const AddPermission: Operation<'AddPermission'> = (sns, input, context) => {
  if (!/^[\w-]{1,80}$/.test(input.Label)) throw invalidParameter('Label');
  const { AWSAccountId: accounts, ActionName: actions, Label: label } = input;
  if (accounts.length === 0) throw invalidParameter('AWSAccountId');
  if (actions.length === 0) throw invalidParameter('ActionName');
  checkActions(actions);
  checkAccounts(accounts.map((account) => (/^\d{12}$/.test(account) ? account : null)));
  change(sns, context, input.TopicArn, ({ scope, topic }, policy) => {
    if (policy.Statement.some(({ Sid }) => Sid === label)) {
      throw invalidParameter('Statement already exists');
    }
    policy.Statement.push(permissionStatement(scope, topic.name, { label, accounts, actions }));
  });
  return {};
};

/** A label that does not exist is not an error. */
export const RemovePermission: Operation<'RemovePermission'> = (sns, input, context) => {
  change(sns, context, input.TopicArn, (_found, policy) => {
    policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== input.Label);
  });
  return {};
};

function change(
  sns: Sns,
  asked: Scope,
  arn: string,
  edit: (found: FoundTopic, policy: Policy) => void,
): void {
  sns.store.transaction(() => {
    const found = findTopic(sns, asked, arn);
    const { scope, topic } = found;
    const held: unknown = topic.attributes.Policy && JSON.parse(topic.attributes.Policy);
    const policy = (held ?? defaultPolicy(scope, topic.name)) as Policy;
    // A client's policy may have a single statement instead of a list, or invalid ones.
    const statements: unknown[] = [policy.Statement ?? []].flat();
    policy.Statement = statements.filter(
      (one): one is { Sid?: unknown } => typeof one === 'object' && one !== null,
    );
    edit(found, policy);
    topic.attributes.Policy = JSON.stringify(policy);
    sns.records.topics.put(scope, topic);
  });
}
