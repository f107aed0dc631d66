// What a listener may be: its port, protocol, certificates, and the target groups of its rules.

import type { Scope } from '../../aws/scope.ts';
import type { LoadBalancing } from './context.ts';
import type { RuleAction } from './domain/actions.ts';
import { arnOf, balancerIdOf, within } from './domain/names.ts';
import { DEFAULT_POLICY, SSL_POLICIES } from './domain/ssl-policies.ts';
import {
  certificateNeeded,
  groupOfAnotherVpc,
  invalidProtocol,
  notSupported,
  portInUse,
  sslPolicyNotFound,
  targetGroupElsewhere,
  targetGroupsNotFound,
  tooManyCertificates,
  tooManyGroupsOfBalancer,
  validation,
} from './faults.ts';
import { type BalancerRecord, type ListenerRecord, MOST_GROUPS_OF_BALANCER } from './records.ts';

/** The members of CreateListener and ModifyListener that say what it is. */
export interface GivenListener {
  Protocol?: string | undefined;
  Port?: number | undefined;
  SslPolicy?: string | undefined;
  Certificates?: { CertificateArn?: string | undefined }[] | undefined;
  AlpnPolicy?: string[] | undefined;
  MutualAuthentication?: { Mode?: string | undefined } | undefined;
}

type Settings = Pick<ListenerRecord, 'port' | 'protocol' | 'sslPolicy' | 'certificates'>;

/**
 * The settings of a listener after a change. Throws ValidationError, TooManyCertificates, SSLPolicyNotFound,
 * NotImplemented.
 */
export function readListener(given: GivenListener, held?: Settings): Settings {
  if (given.AlpnPolicy?.some((policy) => policy !== 'None')) throw notSupported('ALPN policies');
  const { Mode = 'off' } = given.MutualAuthentication ?? {};
  if (Mode !== 'off') throw notSupported(`mutual authentication with the mode '${Mode}'`);
  const protocol = given.Protocol ?? held?.protocol;
  const port = given.Port ?? held?.port;
  if (port === undefined) throw validation('A listener port must be specified');
  if (protocol === undefined) throw validation('A listener protocol must be specified');
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') throw invalidProtocol(protocol);
  const certificates = given.Certificates?.map(({ CertificateArn }) => CertificateArn ?? '');
  if (protocol === 'HTTP') {
    if (certificates?.length) throw validation('A certificate cannot be specified for HTTP listeners');
    if (given.SslPolicy) throw validation('An SSL policy cannot be specified for HTTP listeners');
    return { port, protocol, certificates: [] };
  }
  if (certificates && certificates.length > 1) throw tooManyCertificates(1);
  const [first = held?.certificates[0]] = certificates ?? [];
  if (first === undefined) throw certificateNeeded();
  checkCertificate(first);
  const sslPolicy = given.SslPolicy ?? held?.sslPolicy ?? DEFAULT_POLICY;
  if (!SSL_POLICIES.some(({ name }) => name === sslPolicy)) throw sslPolicyNotFound(sslPolicy);
  const others = held?.certificates.slice(1).filter((arn) => arn !== first) ?? [];
  return { port, protocol, sslPolicy, certificates: [first, ...others] };
}

/** Throws ValidationError. Any certificate is taken: listeners serve one of the instance's authority. */
export function checkCertificate(arn: string): void {
  if (!/^arn:aws[a-z-]*:(acm|iam):[a-z0-9-]*:\d{12}:(certificate|server-certificate)\/.+$/.test(arn)) {
    throw validation(`Certificate ARN '${arn}' is not valid`);
  }
}

/** Throws ValidationError. */
export function requireFreePort(
  { records }: Pick<LoadBalancing, 'records'>,
  scope: Scope,
  balancerId: string,
  { port, except }: { port: number; except?: string },
): void {
  const others = records.listeners.list(scope, { prefix: within(balancerId) });
  if (others.some((other) => other.port === port && other.id !== except)) {
    throw portInUse(port);
  }
}

/**
 * Throws when a rule of the balancer cannot have the action: TargetGroupNotFound, TargetGroupAssociationLimit,
 * InvalidConfigurationRequest, TooManyUniqueTargetGroupsPerLoadBalancer.
 */
export function checkAction(
  { records }: Pick<LoadBalancing, 'records'>,
  scope: Scope,
  balancer: Pick<BalancerRecord, 'id' | 'vpcId'>,
  action: RuleAction,
): void {
  if (action.type !== 'forward') return;
  const group = records.targetGroups.find(scope, action.targetGroupId);
  if (!group) throw targetGroupsNotFound();
  const arn = arnOf('targetGroup', scope, group.id);
  const uses = records.rules.by(scope, 'targetGroup', group.id);
  if (uses.some(({ id }) => balancerIdOf(id) !== balancer.id)) throw targetGroupElsewhere(arn);
  if (group.vpcId !== undefined && group.vpcId !== balancer.vpcId) throw groupOfAnotherVpc(arn);
  if (uses.length > 0) return;
  const held = new Set(
    records.rules
      .list(scope, { prefix: within(balancer.id) })
      .flatMap((rule) => (rule.action.type === 'forward' ? [rule.action.targetGroupId] : [])),
  );
  if (held.size >= MOST_GROUPS_OF_BALANCER) throw tooManyGroupsOfBalancer(MOST_GROUPS_OF_BALANCER);
}
