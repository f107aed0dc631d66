// AWS::ElasticLoadBalancingV2::Listener and AWS::ElasticLoadBalancingV2::ListenerRule.

import { createOnce, finishing, unless } from '../../../control/resource-attempts.ts';
import { numberOf, requiredText } from '../../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceType,
} from '../../../control/resource-type.ts';
import { listenerAttributes } from '../domain/attributes.ts';
import type { Input } from '../sdk.ts';
import { attributeChanges, type ElbClient, membersOf, newTags, retag } from './properties.ts';

const LISTENER = [
  ...['AlpnPolicy', 'Certificates', 'DefaultActions', 'MutualAuthentication', 'Port', 'Protocol'],
  'SslPolicy',
];
const listenerState = (ListenerArn: string) => ({ physicalId: ListenerArn, attributes: { ListenerArn } });

export const listenerType = (elb: ElbClient): ResourceType => ({
  name: 'AWS::ElasticLoadBalancingV2::Listener',
  async create(request) {
    const { properties, scope } = request;
    // A repeated request finds the listener, because it has the same settings.
    const { Listeners } = await elb.call(
      'CreateListener',
      {
        ...membersOf(properties, ['LoadBalancerArn', ...LISTENER]),
        ...newTags(request),
      } as Input<'CreateListener'>,
      scope,
    );
    const arn = Listeners![0]!.ListenerArn!;
    return await finishing(arn, async () => {
      await setAttributes(elb, { ...request, physicalId: arn }, {});
      return listenerState(arn);
    });
  },
  async update(request) {
    const { physicalId: ListenerArn, properties, before, scope } = request;
    const members = membersOf(properties, LISTENER);
    await elb.call('ModifyListener', { ...members, ListenerArn } as Input<'ModifyListener'>, scope);
    await setAttributes(elb, request, before);
    await retag(elb, request);
    return listenerState(ListenerArn);
  },
  async delete({ physicalId, scope }) {
    await unless(
      /^ListenerNotFoundException$/,
      elb.call('DeleteListener', { ListenerArn: physicalId }, scope),
    );
  },
});

async function setAttributes(
  elb: ElbClient,
  { physicalId: ListenerArn, properties, scope }: ExistingResource,
  before: Properties,
): Promise<void> {
  const table = listenerAttributes('HTTPS');
  const Attributes = attributeChanges(table, [before, properties], 'ListenerAttributes');
  if (Attributes.length > 0) await elb.call('ModifyListenerAttributes', { ListenerArn, Attributes }, scope);
}

const RULE = ['Actions', 'Conditions', 'Transforms'];

const ruleState = (RuleArn: string) => ({ physicalId: RuleArn, attributes: { RuleArn, IsDefault: false } });

export const listenerRuleType = (elb: ElbClient): ResourceType => ({
  name: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  async create(request) {
    const { properties, scope } = request;
    const input = {
      ...membersOf(properties, ['ListenerArn', 'Priority', ...RULE]),
      ...newTags(request),
    } as Input<'CreateRule'>;
    const made = await createOnce(request, /^PriorityInUseException$/, elb.call('CreateRule', input, scope));
    return ruleState(made?.Rules?.[0]?.RuleArn ?? (await existing(elb, request)));
  },
  async update(request) {
    const { physicalId: RuleArn, properties, before, scope } = request;
    await elb.call(
      'ModifyRule',
      { ...membersOf(properties, RULE), RuleArn } as unknown as Input<'ModifyRule'>,
      scope,
    );
    const Priority = numberOf(properties, 'Priority');
    if (Priority !== undefined && Priority !== numberOf(before, 'Priority')) {
      await elb.call('SetRulePriorities', { RulePriorities: [{ RuleArn, Priority }] }, scope);
    }
    await retag(elb, request);
    return ruleState(RuleArn);
  },
  async delete({ physicalId, scope }) {
    await unless(/^RuleNotFoundException$/, elb.call('DeleteRule', { RuleArn: physicalId }, scope));
  },
});

/** The rule that an earlier attempt made. */
async function existing(elb: ElbClient, { properties, scope }: ResourceRequest): Promise<string> {
  const found = await elb.call(
    'DescribeRules',
    { ListenerArn: requiredText(properties, 'ListenerArn') },
    scope,
  );
  const priority = String(numberOf(properties as Properties, 'Priority'));
  return found.Rules!.find(({ Priority }) => Priority === priority)!.RuleArn!;
}
