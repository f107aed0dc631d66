// The configuration of one balancer, from its records and those of its listeners, rules and target groups.

import type { Scope } from '../../aws/scope.ts';
import type {
  Action,
  Balancer,
  Condition,
  HealthCheck,
  Listener,
  TargetGroup,
} from '../../load-balancer/load-balancers.ts';
import { attributeOf, BALANCER_ATTRIBUTES, targetGroupAttributes } from './domain/attributes.ts';
import type { RuleCondition } from './domain/conditions.ts';
import type { HealthCheckRecord } from './domain/health-check.ts';
import { arnOf, dnsNameOf, within } from './domain/names.ts';
import type { BalancerRecord, ListenerRecord, Records, RuleRecord, TargetGroupRecord } from './records.ts';
import { inOrder } from './rule-order.ts';

/** Everything that the process needs to know of the balancer. */
export function configurationOf(records: Records, scope: Scope, balancer: BalancerRecord): Balancer {
  const listeners = records.listeners.list(scope, { prefix: within(balancer.id) });
  const rules = records.rules.list(scope, { prefix: within(balancer.id) });
  const groupIds = new Set(
    rules.flatMap(({ action }) => (action.type === 'forward' ? [action.targetGroupId] : [])),
  );
  return {
    arn: arnOf('balancer', scope, balancer.id),
    dnsName: dnsNameOf(scope, balancer),
    addresses: balancer.places.map(({ address, zone }) => ({ address, zone })),
    listeners: listeners.map((listener) => listenerOf(scope, listener, rules)),
    targetGroups: [...groupIds].flatMap((id) => {
      const group = records.targetGroups.find(scope, id);
      return group ? [targetGroupOf(scope, group)] : [];
    }),
    attributes: attributesOf(balancer),
  };
}

function attributesOf({ attributes }: BalancerRecord): Balancer['attributes'] {
  const of = (key: string) => attributeOf(BALANCER_ATTRIBUTES, attributes, key);
  return {
    idleTimeoutSeconds: Number(of('idle_timeout.timeout_seconds')),
    dropsInvalidHeaders: of('routing.http.drop_invalid_header_fields.enabled') === 'true',
    preservesHostHeader: of('routing.http.preserve_host_header.enabled') === 'true',
    addsClientPort: of('routing.http.xff_client_port.enabled') === 'true',
    forwardedFor: of('routing.http.xff_header_processing.mode') as Balancer['attributes']['forwardedFor'],
  };
}

const listenerOf = (
  scope: Scope,
  { id, port, protocol }: ListenerRecord,
  rules: readonly RuleRecord[],
): Listener => ({
  ...{ arn: arnOf('listener', scope, id), port, protocol },
  rules: inOrder(rules.filter((rule) => rule.id.startsWith(within(id)))).map((rule) => ({
    arn: arnOf('rule', scope, rule.id),
    conditions: rule.conditions.map(conditionOf),
    action: actionOf(scope, rule),
  })),
});

function conditionOf({ field, header, values }: RuleCondition): Condition {
  switch (field) {
    case 'path-pattern':
      return { field: 'path', patterns: values };
    case 'host-header':
      return { field: 'host', patterns: values };
    case 'http-header':
      return { field: 'header', name: header!, patterns: values };
    case 'http-request-method':
      return { field: 'method', methods: values };
  }
}

function actionOf(scope: Scope, { action }: RuleRecord): Action {
  switch (action.type) {
    case 'forward':
      return { does: 'forward', targetGroupArn: arnOf('targetGroup', scope, action.targetGroupId) };
    case 'fixed-response': {
      const { status, contentType, body } = action;
      return {
        ...{ does: 'respond', status },
        ...(contentType !== undefined && { contentType }),
        ...(body !== undefined && { body }),
      };
    }
    case 'redirect': {
      const { status, protocol, host, port, path, query } = action;
      return { does: 'redirect', status, protocol, host, port, path, query };
    }
  }
}

function targetGroupOf(scope: Scope, group: TargetGroupRecord): TargetGroup {
  const arn = arnOf('targetGroup', scope, group.id);
  const of = (key: string) => attributeOf(targetGroupAttributes(group.type), group.attributes, key);
  const { healthCheck, targets } = group;
  if (group.type === 'lambda') {
    const [target] = targets;
    return {
      ...{ arn, type: 'lambda' },
      ...(target && { functionArn: target.id }),
      multiValueHeaders: of('lambda.multi_value_headers.enabled') === 'true',
      ...(healthCheck.isEnabled && { healthCheck: healthCheckOf(healthCheck) }),
    };
  }
  return {
    ...{ arn, type: 'address', protocol: group.protocol! },
    algorithm: of('load_balancing.algorithm.type') as 'round_robin' | 'least_outstanding_requests',
    ...(of('stickiness.enabled') === 'true' && {
      stickySeconds: Number(of('stickiness.lb_cookie.duration_seconds')),
    }),
    targets: targets.map(({ address, port, drainsUntil }) => ({
      address: address!,
      port: port!,
      isDraining: drainsUntil !== undefined,
    })),
    healthCheck: healthCheckOf(healthCheck),
  };
}

const healthCheckOf = (check: HealthCheckRecord): HealthCheck => ({
  protocol: check.protocol ?? 'HTTP',
  ...(check.port !== undefined && check.port !== 'traffic-port' && { port: Number(check.port) }),
  path: check.path,
  intervalSeconds: check.intervalSeconds,
  timeoutSeconds: check.timeoutSeconds,
  healthyCount: check.healthyCount,
  unhealthyCount: check.unhealthyCount,
  matches: check.matcher,
});
