// The state of a target in DescribeTargetHealth, with AWS's reason and description. Pure.
// Source of the descriptions: the examples of the AWS CLI, and public reports.

/** AWS's TargetHealth, whose state is `healthy` without a reason. */
export interface ShownHealth {
  State: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining' | 'unavailable';
  Reason?: string;
  Description?: string;
}

/** What is known of a target. */
export interface TargetFacts {
  isRegistered: boolean;
  /** A rule forwards to its group. */
  isInUse: boolean;
  isDraining: boolean;
  /** Only functions may not be. */
  isChecked: boolean;
  /** Of an instance: `stopped`, `terminated`. */
  instanceState?: string | undefined;
  /** What the checks found so far. */
  found?: { state: ShownHealth['State']; reason?: string; description?: string } | undefined;
}

const shown = (State: ShownHealth['State'], Reason: string, Description: string): ShownHealth => ({
  ...{ State, Reason, Description },
});

/** The state of a target. */
export function healthOf(target: TargetFacts): ShownHealth {
  const { found, instanceState } = target;
  if (!target.isRegistered) {
    return shown('unused', 'Target.NotRegistered', 'Target is not registered to the target group');
  }
  if (target.isDraining) {
    return shown('draining', 'Target.DeregistrationInProgress', 'Target deregistration is in progress');
  }
  if (!target.isInUse) {
    return shown(
      'unused',
      'Target.NotInUse',
      'Target group is not configured to receive traffic from the load balancer',
    );
  }
  if (instanceState !== undefined && !/^(running|pending)$/.test(instanceState)) {
    return shown('unused', 'Target.InvalidState', `Target is in the ${instanceState} state`);
  }
  if (!target.isChecked) {
    return shown(
      'unavailable',
      'Target.HealthCheckDisabled',
      'Health checks are not enabled for this target',
    );
  }
  if (!found) return shown('initial', 'Elb.RegistrationInProgress', 'Target registration is in progress');
  return {
    State: found.state,
    ...(found.reason !== undefined && { Reason: found.reason }),
    ...(found.description !== undefined && { Description: found.description }),
  };
}
