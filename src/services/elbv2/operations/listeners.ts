// Listeners: create, describe, modify, delete, and their attributes.

import type { Scope } from '../../../aws/scope.ts';
import { randomHex } from '../../../kernel/ids.ts';
import type { LoadBalancing } from '../context.ts';
import { readAction } from '../domain/actions.ts';
import { changeAttributes, listAttributes, listenerAttributes } from '../domain/attributes.ts';
import { arnOf, balancerIdOf, idIn, within } from '../domain/names.ts';
import { listenerExists, listenersNotFound, tooManyListeners, validation } from '../faults.ts';
import { checkAction, readListener, requireFreePort } from '../listener-settings.ts';
import { named } from '../named-things.ts';
import { listenerPages, pageRequest } from '../paging.ts';
import { type ListenerRecord, MOST_LISTENERS, type RuleRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';
import { viewListener } from '../view.ts';
import { balancerWith } from './load-balancer-settings.ts';
import { sortedById } from './load-balancers.ts';

/** AWS: a repeated request with the same settings answers with the listener that exists. Resolves when it listens. */
export const CreateListener: Operation<'CreateListener'> = async (elb, input, context) => {
  const tags = tagging.add({}, input.Tags, context);
  const balancer = balancerWith(elb, context, input.LoadBalancerArn);
  const settings = readListener(input);
  const action = readAction(context, input.DefaultActions);
  const id = `${balancer.id}/${randomHex(16)}`;
  const record: ListenerRecord = { id, ...settings, attributes: {}, tags };
  const rule: RuleRecord = {
    ...{ id: `${id}/${randomHex(16)}`, priority: 'default', conditions: [], action, tags: {} },
  };
  const { listeners, rules } = elb.records;
  const stored = elb.store.transaction(() => {
    const others = listeners.list(context, { prefix: within(balancer.id) });
    const existing = others.find(({ port }) => port === settings.port);
    if (existing) {
      const [defaultRule] = rules.by(context, 'default', existing.id);
      if (!isSame(existing, defaultRule, record, rule)) {
        throw listenerExists(arnOf('balancer', context, balancer.id));
      }
      return existing;
    }
    if (others.length >= MOST_LISTENERS) throw tooManyListeners(MOST_LISTENERS);
    checkAction(elb, context, balancer, action);
    listeners.add(context, record);
    rules.add(context, rule);
    return record;
  });
  await elb.balancing.changed(context, balancer.id);
  return { Listeners: [viewListener(elb, context, stored)] };
};

const isSame = (
  one: ListenerRecord,
  oneRule: RuleRecord | undefined,
  other: ListenerRecord,
  otherRule: RuleRecord,
): boolean =>
  one.protocol === other.protocol &&
  one.sslPolicy === other.sslPolicy &&
  one.certificates[0] === other.certificates[0] &&
  JSON.stringify(oneRule?.action) === JSON.stringify(otherRule.action);

/** The listener with this ARN. Throws ValidationError, ListenerNotFound. */
export const listenerWith = (
  { records }: Pick<LoadBalancing, 'records'>,
  scope: Scope,
  arn: string,
): ListenerRecord => records.listeners.existing(scope, idIn('listener', scope, arn));

/** Throws LoadBalancerNotFound, ListenerNotFound. */
export const DescribeListeners: Operation<'DescribeListeners'> = async (elb, input, context) => {
  const { LoadBalancerArn: balancerArn } = input;
  const arns = named(input.ListenerArns, 'listeners');
  if (balancerArn !== undefined && arns.length > 0) {
    throw validation('A load balancer ARN and listener ARNs cannot be specified at the same time');
  }
  if (balancerArn === undefined && arns.length === 0) {
    throw validation('You must specify either listener ARNs or a load balancer ARN');
  }
  const request = pageRequest(input);
  const { items, token } =
    balancerArn === undefined
      ? listenerPages.ofSorted(
          sortedById(arns.map((arn) => listenerWith(elb, context, arn))),
          ({ id }) => id,
          request,
        )
      : await listenerPages.ofCollection(elb.records.listeners, context, {
          ...{ ...request, prefix: within(balancerWith(elb, context, balancerArn).id) },
        });
  return {
    Listeners: items.map((listener) => viewListener(elb, context, listener)),
    ...(token !== undefined && { NextMarker: token }),
  };
};

/** Resolves when the change is in effect. */
export const ModifyListener: Operation<'ModifyListener'> = async (elb, input, context) => {
  const { id } = listenerWith(elb, context, input.ListenerArn);
  const balancerId = balancerIdOf(id);
  const action = input.DefaultActions?.length ? readAction(context, input.DefaultActions) : undefined;
  const changed = elb.store.transaction(() => {
    const { listeners, rules, balancers } = elb.records;
    const held = listeners.existing(context, id);
    const { sslPolicy: _, ...rest } = held;
    const after = { ...rest, ...readListener(input, held) };
    // AWS: attributes of TLS are those of HTTPS listeners only.
    if (after.protocol !== held.protocol) after.attributes = {};
    requireFreePort(elb, context, balancerId, { port: after.port, except: id });
    listeners.put(context, after);
    if (action) {
      const [rule] = rules.by(context, 'default', id);
      if (!rule) throw listenersNotFound();
      checkAction(elb, context, balancers.existing(context, balancerId), action);
      rules.put(context, { ...rule, action });
    }
    return after;
  });
  await elb.balancing.changed(context, balancerId);
  return { Listeners: [viewListener(elb, context, changed)] };
};

/** Its rules are deleted with it. Throws ListenerNotFound. */
export const DeleteListener: Operation<'DeleteListener'> = async (elb, input, context) => {
  const { id } = listenerWith(elb, context, input.ListenerArn);
  elb.store.transaction(() => {
    const { listeners, rules } = elb.records;
    for (const rule of rules.list(context, { prefix: within(id) })) rules.remove(context, rule.id);
    listeners.remove(context, id);
  });
  await elb.balancing.changed(context, balancerIdOf(id));
  return {};
};

export const DescribeListenerAttributes: Operation<'DescribeListenerAttributes'> = (elb, input, context) => {
  const { protocol, attributes } = listenerWith(elb, context, input.ListenerArn);
  return { Attributes: listAttributes(listenerAttributes(protocol), attributes) };
};

/** All of them have their defaults here. Throws ListenerNotFound, ValidationError, NotImplemented. */
export const ModifyListenerAttributes: Operation<'ModifyListenerAttributes'> = (elb, input, context) => {
  const { id } = listenerWith(elb, context, input.ListenerArn);
  const changed = elb.store.transaction(() =>
    elb.records.listeners.change(context, id, (listener) => ({
      ...listener,
      attributes: changeAttributes(
        listenerAttributes(listener.protocol),
        listener.attributes,
        input.Attributes,
      ),
    })),
  );
  return { Attributes: listAttributes(listenerAttributes(changed.protocol), changed.attributes) };
};
