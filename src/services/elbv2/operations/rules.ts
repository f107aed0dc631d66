// Rules of listeners: create, describe, modify, delete, and their priorities.

import type { Scope } from '../../../aws/scope.ts';
import { randomHex } from '../../../kernel/ids.ts';
import type { LoadBalancing } from '../context.ts';
import { readAction } from '../domain/actions.ts';
import { readConditions } from '../domain/conditions.ts';
import { arnOf, balancerIdOf, idIn, listenerIdOf, within } from '../domain/names.ts';
import { defaultRule, notSupported, priorityInUse, tooManyRules, validation } from '../faults.ts';
import { checkAction } from '../listener-settings.ts';
import { named } from '../named-things.ts';
import { pageRequest, rulePages } from '../paging.ts';
import { MOST_RULES, type RuleRecord } from '../records.ts';
import { inOrder } from '../rule-order.ts';
import type { Input, Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';
import { viewRule } from '../view.ts';
import { listenerWith } from './listeners.ts';

/** The rule with this ARN. Throws ValidationError, RuleNotFound. */
const ruleWith = ({ records }: Pick<LoadBalancing, 'records'>, scope: Scope, arn: string): RuleRecord =>
  records.rules.existing(scope, idIn('rule', scope, arn));

function checkSupported({ Transforms = [] }: Pick<Input<'CreateRule'>, 'Transforms'>): void {
  if (Transforms.length > 0) throw notSupported('transforms of rules');
}

/** Resolves when the rule is in effect. */
export const CreateRule: Operation<'CreateRule'> = async (elb, input, context) => {
  const tags = tagging.add({}, input.Tags, context);
  const listener = listenerWith(elb, context, input.ListenerArn);
  checkSupported(input);
  const conditions = readConditions(input.Conditions);
  const action = readAction(context, input.Actions);
  const balancerId = balancerIdOf(listener.id);
  const rule: RuleRecord = {
    ...{ id: `${listener.id}/${randomHex(16)}`, priority: input.Priority, conditions, action, tags },
  };
  elb.store.transaction(() => {
    const { balancers, rules, listeners } = elb.records;
    listeners.existing(context, listener.id);
    const ofBalancer = rules.list(context, { prefix: within(balancerId) });
    const ofListener = ofBalancer.filter(({ id }) => id.startsWith(within(listener.id)));
    if (ofListener.some(({ priority }) => priority === input.Priority)) throw priorityInUse(input.Priority);
    // AWS: default rules do not count.
    if (ofBalancer.filter(({ priority }) => priority !== 'default').length >= MOST_RULES) {
      throw tooManyRules(MOST_RULES);
    }
    checkAction(elb, context, balancers.existing(context, balancerId), action);
    rules.add(context, rule);
  });
  await elb.balancing.changed(context, balancerId);
  return { Rules: [viewRule(context, rule)] };
};

/** The default rule is last. Throws ListenerNotFound, RuleNotFound. */
export const DescribeRules: Operation<'DescribeRules'> = (elb, input, context) => {
  const { ListenerArn: listenerArn } = input;
  const arns = named(input.RuleArns, 'rules');
  if (listenerArn === undefined && arns.length === 0) {
    throw validation('You must specify either listener rule ARNs or a listener ARN');
  }
  if (listenerArn !== undefined && arns.length > 0) {
    throw validation('Listener rule ARNs and a listener ARN cannot be specified at the same time');
  }
  const found =
    listenerArn === undefined
      ? arns.map((arn) => ruleWith(elb, context, arn))
      : elb.records.rules.list(context, { prefix: within(listenerWith(elb, context, listenerArn).id) });
  const unique = inOrder([...new Map(found.map((rule) => [rule.id, rule])).values()]);
  const sorted = unique.sort((a, b) => (orderKey(a) < orderKey(b) ? -1 : 1));
  const { items, token } = rulePages.ofSorted(sorted, orderKey, pageRequest(input));
  return {
    Rules: items.map((rule) => viewRule(context, rule)),
    ...(token !== undefined && { NextMarker: token }),
  };
};

/** By listener, then by priority. */
const orderKey = ({ id, priority }: RuleRecord): string =>
  `${listenerIdOf(id)} ${priority === 'default' ? '~' : String(priority).padStart(5, '0')} ${id}`;

/** What the request leaves out stays. Throws RuleNotFound, OperationNotPermitted for a default rule. */
export const ModifyRule: Operation<'ModifyRule'> = async (elb, input, context) => {
  const { id, priority } = ruleWith(elb, context, input.RuleArn);
  checkSupported(input);
  if (input.ResetTransforms) throw notSupported('transforms of rules');
  if (priority === 'default') throw defaultRule(input.RuleArn, 'modified');
  if (!input.Conditions?.length && !input.Actions?.length) {
    throw validation('Either conditions or actions must be specified');
  }
  const conditions = input.Conditions?.length ? readConditions(input.Conditions) : undefined;
  const action = input.Actions?.length ? readAction(context, input.Actions) : undefined;
  const balancerId = balancerIdOf(id);
  const changed = elb.store.transaction(() => {
    const { balancers, rules } = elb.records;
    if (action) checkAction(elb, context, balancers.existing(context, balancerId), action);
    return rules.change(context, id, (rule) => ({
      ...rule,
      ...(conditions && { conditions }),
      ...(action && { action }),
    }));
  });
  await elb.balancing.changed(context, balancerId);
  return { Rules: [viewRule(context, changed)] };
};

/** Throws RuleNotFound, OperationNotPermitted for a default rule. */
export const DeleteRule: Operation<'DeleteRule'> = async (elb, input, context) => {
  const { id, priority } = ruleWith(elb, context, input.RuleArn);
  if (priority === 'default') throw defaultRule(input.RuleArn, 'deleted');
  elb.records.rules.remove(context, id);
  await elb.balancing.changed(context, balancerIdOf(id));
  return {};
};

/** All at once, so that rules can swap their priorities. Throws RuleNotFound, PriorityInUse, OperationNotPermitted. */
export const SetRulePriorities: Operation<'SetRulePriorities'> = async (elb, input, context) => {
  const given = new Map<string, number>();
  for (const { RuleArn = '', Priority } of named(input.RulePriorities, 'priorities')) {
    const { id, priority } = ruleWith(elb, context, RuleArn);
    if (priority === 'default') throw defaultRule(RuleArn, 'modified');
    if (Priority === undefined) throw validation('A priority must be specified');
    if (given.has(id)) throw validation(`Rule '${arnOf('rule', context, id)}' was provided multiple times`);
    const sameListener = [...given].filter(([other]) => listenerIdOf(other) === listenerIdOf(id));
    if (sameListener.some(([, other]) => other === Priority)) {
      throw validation(`Priority '${Priority}' was provided multiple times`);
    }
    given.set(id, Priority);
  }
  const { rules } = elb.records;
  const listenerIds = new Set([...given.keys()].map(listenerIdOf));
  const changed = elb.store.transaction(() => {
    for (const listenerId of listenerIds) {
      const seen = new Set<number>();
      for (const { id, priority } of rules.list(context, { prefix: within(listenerId) })) {
        if (priority === 'default') continue;
        const after = given.get(id) ?? priority;
        if (seen.has(after)) throw priorityInUse(after);
        seen.add(after);
      }
    }
    return [...given].map(([id, priority]) => rules.change(context, id, (rule) => ({ ...rule, priority })));
  });
  const balancerIds = new Set([...given.keys()].map(balancerIdOf));
  await Promise.all([...balancerIds].map((id) => elb.balancing.changed(context, id)));
  return { Rules: inOrder(changed).map((rule) => viewRule(context, rule)) };
};
