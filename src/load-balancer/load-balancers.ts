// The contract between the records of load balancers and the process that takes their requests. It knows no API: a
// balancer is a configuration, which replaces the earlier one whole, and what happens comes back as reports.

/** Runs load balancers. */
export interface LoadBalancers {
  /** Who is asked and told; call it once, before any balancer is set. */
  connect(events: LoadBalancerEvents): void;
  /**
   * Makes the balancer exactly like this. Requests that are being answered go on. Resolves once its listeners take
   * requests, with those that cannot; rejects with an OperationalError when no balancer can run here.
   */
  set(balancer: Balancer): Promise<ListenerFailure[]>;
  /** Resolves once nothing listens for it any more. */
  remove(arn: string): Promise<void>;
  /** The health of the target group's targets, as far as they have been checked; by `targetKey`. */
  health(targetGroupArn: string): ReadonlyMap<string, TargetHealth>;
  /** Ends the process. Nothing listens after that. */
  stop(): Promise<void>;
}

/** What the process asks and tells. */
export interface LoadBalancerEvents {
  /** Invokes the function of a target group. Never rejects. */
  invoke(target: InvokedFunction, event: Buffer): Promise<FunctionReply>;
  /** What happened since the last report: at most one report a second. */
  counted(counts: readonly BalancerCounts[]): void;
  /** The health of a target has changed. */
  healthChanged(targetGroupArn: string): void;
}

/** A balancer with its listeners. */
export interface Balancer {
  arn: string;
  /** The name that clients use: in a certificate, and in headers of redirects. */
  dnsName: string;
  /** One in each of its subnets, usable already (`Network.ensure`). */
  addresses: readonly { address: string; zone: string }[];
  listeners: readonly Listener[];
  targetGroups: readonly TargetGroup[];
  attributes: BalancerAttributes;
}

/** The attributes of a balancer that change what it does. */
export interface BalancerAttributes {
  idleTimeoutSeconds: number;
  dropsInvalidHeaders: boolean;
  preservesHostHeader: boolean;
  addsClientPort: boolean;
  forwardedFor: 'append' | 'preserve' | 'remove';
}

/** A listener: `rules` are tried in order; the last one has no conditions. */
export interface Listener {
  arn: string;
  port: number;
  protocol: 'HTTP' | 'HTTPS';
  rules: readonly Rule[];
}

/** A rule: it applies where every condition holds. */
export interface Rule {
  arn: string;
  conditions: readonly Condition[];
  action: Action;
}

/** It holds where one of the values matches. In patterns `*` is any text and `?` is one character. */
export type Condition =
  | { field: 'path' | 'host'; patterns: readonly string[] }
  | { field: 'header'; name: string; patterns: readonly string[] }
  | { field: 'method'; methods: readonly string[] };

/** What a rule does. */
export type Action =
  | { does: 'forward'; targetGroupArn: string }
  | { does: 'respond'; status: number; contentType?: string; body?: string }
  /** Parts with `#{protocol}`, `#{host}`, `#{port}`, `#{path}`, `#{query}` for those of the request. */
  | {
      does: 'redirect';
      status: 301 | 302;
      protocol: string;
      host: string;
      port: string;
      path: string;
      query: string;
    };

/** A group of targets. */
export type TargetGroup = FunctionTarget | AddressTargets;

/** A group whose target is a function. */
export interface FunctionTarget {
  arn: string;
  type: 'lambda';
  /** None is registered: requests are answered with 503. */
  functionArn?: string;
  multiValueHeaders: boolean;
  /** Absent: its health is not checked, and it takes requests. */
  healthCheck?: HealthCheck;
}

/** The function of a target group, with the group's ARN. */
export type InvokedFunction = Required<Pick<FunctionTarget, 'arn' | 'functionArn'>>;

/** A group whose targets are addresses. */
export interface AddressTargets {
  arn: string;
  type: 'address';
  protocol: 'HTTP' | 'HTTPS';
  algorithm: 'round_robin' | 'least_outstanding_requests';
  /** Absent: requests of a client go to any target. */
  stickySeconds?: number;
  targets: readonly AddressTarget[];
  healthCheck: HealthCheck;
}

/** One target. */
export interface AddressTarget {
  address: string;
  port: number;
  /** It takes no new requests; those that it is answering may end. */
  isDraining: boolean;
}

/** Identifies a target within its group: `10.0.1.7:80`, or the ARN of a function. */
export const targetKey = ({ address, port }: { address: string; port: number }): string =>
  `${address}:${port}`;

/** How targets are checked. */
export interface HealthCheck {
  protocol: 'HTTP' | 'HTTPS';
  /** Absent: the port of the target. */
  port?: number;
  path: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyCount: number;
  unhealthyCount: number;
  /** `200`, `200-299`, `200,302`. */
  matches: string;
}

/** Whether a target is healthy. */
export interface TargetHealth {
  state: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining';
  /** AWS: a code such as `Target.Timeout`, and the sentence that it has with it. */
  reason?: string;
  description?: string;
}

/** What a function answered. `failed`: AWS's word for why there is no answer of the function. */
export type FunctionReply = { payload: Buffer } | { failed: FunctionFailure };

/** `denied`: no permission. `error`: the function failed. `throttled`, `missing`, `tooLarge`, `internal`. */
export type FunctionFailure = 'denied' | 'error' | 'throttled' | 'missing' | 'tooLarge' | 'internal';

/** A listener that could not be opened at its port. */
export interface ListenerFailure {
  listenerArn: string;
  /** A sentence that says why, and what Millpond did instead. */
  reason: string;
  /** The port at which the listener takes requests instead, where there is one. */
  port?: number;
}

/**
 * Counts of one second or more for one balancer in one zone. Without a target group: of the whole balancer, including what
 * its target groups count. With one: the part of this group.
 */
export interface BalancerCounts {
  balancerArn: string;
  targetGroupArn?: string;
  zone: string;
  /**
   * AWS's names of metrics with their sums: `RequestCount`, `HTTPCode_ELB_5XX_Count`, `LambdaUserError`. Those that AWS has
   * per target group are in both kinds of counts.
   */
  sums: Readonly<Record<string, number>>;
  /**
   * Each request's time in seconds from when it was sent to the target to the first bytes of the answer. A sample of at
   * most 1,000.
   */
  targetResponseTimes: readonly number[];
  /** Only without a target group: the connections that are open now, those of clients and those to targets. */
  activeConnections?: number;
}
