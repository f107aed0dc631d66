// AWS's shapes of load balancers, target groups, listeners and rules.

import type { Scope } from '../../aws/scope.ts';
import type { LoadBalancing } from './context.ts';
import { AS_ASKED, type RuleAction } from './domain/actions.ts';
import { viewCondition } from './domain/conditions.ts';
import { viewHealthCheck } from './domain/health-check.ts';
import { hostedZoneOf } from './domain/hosted-zones.ts';
import { arnOf, balancerIdOf, dnsNameOf } from './domain/names.ts';
import type { BalancerRecord, ListenerRecord, Place, RuleRecord, TargetGroupRecord } from './records.ts';

/** AWS's LoadBalancer. */
export function viewBalancer(elb: LoadBalancing, scope: Scope, balancer: BalancerRecord) {
  return {
    LoadBalancerArn: arnOf('balancer', scope, balancer.id),
    DNSName: dnsNameOf(scope, balancer),
    CanonicalHostedZoneId: hostedZoneOf(scope.region),
    CreatedTime: new Date(balancer.createdAt),
    LoadBalancerName: balancer.name,
    Scheme: balancer.scheme,
    VpcId: balancer.vpcId,
    State: stateOf(elb, scope, balancer),
    Type: 'application' as const,
    AvailabilityZones: viewPlaces(balancer.places),
    SecurityGroups: balancer.securityGroupIds,
    IpAddressType: 'ipv4' as const,
  };
}

function stateOf(elb: LoadBalancing, scope: Scope, { id, isActive }: BalancerRecord) {
  const Reason = elb.balancing.failureOf(scope, id);
  if (Reason !== undefined) return { Code: 'failed' as const, Reason };
  return { Code: isActive ? ('active' as const) : ('provisioning' as const) };
}

/** AWS's AvailabilityZones. */
export const viewPlaces = (places: readonly Place[]) =>
  places.map(({ subnetId, zone }) => ({ ZoneName: zone, SubnetId: subnetId, LoadBalancerAddresses: [] }));

/** AWS's TargetGroup. */
export function viewTargetGroup({ records }: LoadBalancing, scope: Scope, group: TargetGroupRecord) {
  const rules = records.rules.by(scope, 'targetGroup', group.id);
  const balancers = [...new Set(rules.map(({ id }) => balancerIdOf(id)))];
  return {
    TargetGroupArn: arnOf('targetGroup', scope, group.id),
    TargetGroupName: group.name,
    ...(group.protocol && {
      ...{ Protocol: group.protocol, Port: group.port, VpcId: group.vpcId, ProtocolVersion: 'HTTP1' },
    }),
    ...viewHealthCheck(group.healthCheck),
    LoadBalancerArns: balancers.map((id) => arnOf('balancer', scope, id)),
    TargetType: group.type,
    IpAddressType: 'ipv4' as const,
  };
}

/** AWS's Listener. */
export function viewListener({ records }: LoadBalancing, scope: Scope, listener: ListenerRecord) {
  const [defaultRule] = records.rules.by(scope, 'default', listener.id);
  const [certificate] = listener.certificates;
  return {
    ListenerArn: arnOf('listener', scope, listener.id),
    LoadBalancerArn: arnOf('balancer', scope, balancerIdOf(listener.id)),
    Port: listener.port,
    Protocol: listener.protocol,
    ...(certificate !== undefined && {
      Certificates: [{ CertificateArn: certificate }],
      SslPolicy: listener.sslPolicy,
      MutualAuthentication: { Mode: 'off' },
    }),
    DefaultActions: defaultRule ? [viewAction(scope, defaultRule.action)] : [],
  };
}

/** AWS's Rule. */
export const viewRule = (scope: Scope, rule: RuleRecord) => ({
  RuleArn: arnOf('rule', scope, rule.id),
  Priority: String(rule.priority),
  Conditions: rule.conditions.map(viewCondition),
  Actions: [viewAction(scope, rule.action)],
  IsDefault: rule.priority === 'default',
});

/** AWS: a forward action is shown in both forms. */
function viewAction(scope: Scope, action: RuleAction) {
  const Order = action.order === undefined ? {} : { Order: action.order };
  switch (action.type) {
    case 'forward': {
      const TargetGroupArn = arnOf('targetGroup', scope, action.targetGroupId);
      return {
        ...{ Type: 'forward' as const, TargetGroupArn, ...Order },
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      };
    }
    case 'fixed-response':
      return {
        ...{ Type: 'fixed-response' as const, ...Order },
        FixedResponseConfig: {
          StatusCode: String(action.status),
          ...(action.contentType !== undefined && { ContentType: action.contentType }),
          ...(action.body !== undefined && { MessageBody: action.body }),
        },
      };
    case 'redirect': {
      const { protocol, host, port, path, query } = { ...AS_ASKED, ...action };
      return {
        ...{ Type: 'redirect' as const, ...Order },
        RedirectConfig: {
          ...{ Protocol: protocol, Host: host, Port: port, Path: path, Query: query },
          StatusCode: action.status === 301 ? ('HTTP_301' as const) : ('HTTP_302' as const),
        },
      };
    }
  }
}
