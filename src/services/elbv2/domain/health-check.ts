// The health check of a target group: its defaults, and what may be asked for. Pure.
// Source of the defaults: AWS's API reference (CreateTargetGroup) and the examples of the AWS CLI.

import { notSupported, validation } from '../faults.ts';

/** How targets are checked. */
export interface HealthCheckRecord {
  isEnabled: boolean;
  /** Absent of functions. */
  protocol?: 'HTTP' | 'HTTPS';
  /** `traffic-port`, or a number. Absent of functions. */
  port?: string;
  path: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyCount: number;
  unhealthyCount: number;
  /** `200`, `200-299`, `200,202`. */
  matcher: string;
}

/** The members of CreateTargetGroup and ModifyTargetGroup that describe it. */
export interface GivenHealthCheck {
  HealthCheckEnabled?: boolean | undefined;
  HealthCheckProtocol?: string | undefined;
  HealthCheckPort?: string | undefined;
  HealthCheckPath?: string | undefined;
  HealthCheckIntervalSeconds?: number | undefined;
  HealthCheckTimeoutSeconds?: number | undefined;
  HealthyThresholdCount?: number | undefined;
  UnhealthyThresholdCount?: number | undefined;
  Matcher?: { HttpCode?: string | undefined; GrpcCode?: string | undefined } | undefined;
}

/** The check of a new target group. */
export const defaultHealthCheck = (type: 'instance' | 'ip' | 'lambda'): HealthCheckRecord => ({
  isEnabled: type !== 'lambda',
  ...(type !== 'lambda' && { protocol: 'HTTP' as const, port: 'traffic-port' }),
  path: '/',
  ...(type === 'lambda'
    ? { intervalSeconds: 35, timeoutSeconds: 30 }
    : { intervalSeconds: 30, timeoutSeconds: 5 }),
  healthyCount: 5,
  unhealthyCount: 2,
  matcher: '200',
});

/** The check after a change. Throws ValidationError, and NotImplemented for gRPC. */
export function changeHealthCheck(
  type: 'instance' | 'ip' | 'lambda',
  held: HealthCheckRecord,
  given: GivenHealthCheck,
  isNew = false,
): HealthCheckRecord {
  const { HealthCheckProtocol: protocol, HealthCheckPort: port, Matcher: matcher } = given;
  if (type === 'lambda' && (protocol !== undefined || port !== undefined)) {
    throw validation(
      `Health check ${protocol === undefined ? 'port' : 'protocol'} cannot be specified for target groups with target type 'lambda'`,
    );
  }
  if (protocol !== undefined && protocol !== 'HTTP' && protocol !== 'HTTPS') {
    throw validation(`Health check protocol '${protocol}' must be one of 'HTTP, HTTPS'`);
  }
  if (port !== undefined && port !== 'traffic-port' && !isPort(port)) {
    throw validation(`Health check port '${port}' must be 'traffic-port' or in the range 1-65535`);
  }
  if (matcher?.GrpcCode !== undefined) throw notSupported('health checks of gRPC');
  if (given.HealthCheckEnabled === false && type !== 'lambda') {
    throw validation(`Health check enabled must be true for target groups with target type '${type}'`);
  }
  const changed: HealthCheckRecord = {
    isEnabled: given.HealthCheckEnabled ?? held.isEnabled,
    ...(held.protocol && { protocol: protocol ?? held.protocol, port: port ?? held.port ?? 'traffic-port' }),
    path: given.HealthCheckPath ?? held.path,
    intervalSeconds: given.HealthCheckIntervalSeconds ?? held.intervalSeconds,
    timeoutSeconds: given.HealthCheckTimeoutSeconds ?? held.timeoutSeconds,
    healthyCount: given.HealthyThresholdCount ?? held.healthyCount,
    unhealthyCount: given.UnhealthyThresholdCount ?? held.unhealthyCount,
    matcher: matcher?.HttpCode ?? held.matcher,
  };
  check(changed, isNew);
  return changed;
}

function check({ path, timeoutSeconds, intervalSeconds, matcher }: HealthCheckRecord, isNew: boolean): void {
  if (!/^\/[\x21-\x7e]*$/.test(path)) {
    throw validation(`Health check path '${path}' must start with a '/' and contain no spaces`);
  }
  // AWS: the two texts are those of public reports.
  if (isNew && timeoutSeconds === intervalSeconds) {
    throw validation('Health check interval must be greater than the timeout.');
  }
  if (timeoutSeconds >= intervalSeconds) {
    throw validation(
      `Health check timeout '${timeoutSeconds}' must be smaller than the interval '${intervalSeconds}'`,
    );
  }
  if (!isMatcher(matcher)) {
    throw validation(`Health check matcher HTTP code '${matcher}' must be within '200-499' inclusive`);
  }
}

const isPort = (port: string): boolean =>
  /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;

/** AWS: values and ranges from 200 to 499, between commas. */
function isMatcher(matcher: string): boolean {
  if (matcher.length > 256) return false;
  return matcher.split(',').every((part) => {
    const [first, last = first, ...rest] = part.split('-');
    return rest.length === 0 && isCode(first!) && isCode(last!) && Number(first) <= Number(last);
  });
}

const isCode = (code: string): boolean => /^[2-4]\d\d$/.test(code);

/** The members of an answer. */
export const viewHealthCheck = (check: HealthCheckRecord) => ({
  ...(check.protocol && { HealthCheckProtocol: check.protocol, HealthCheckPort: check.port }),
  HealthCheckEnabled: check.isEnabled,
  HealthCheckIntervalSeconds: check.intervalSeconds,
  HealthCheckTimeoutSeconds: check.timeoutSeconds,
  HealthyThresholdCount: check.healthyCount,
  UnhealthyThresholdCount: check.unhealthyCount,
  HealthCheckPath: check.path,
  Matcher: { HttpCode: check.matcher },
});
