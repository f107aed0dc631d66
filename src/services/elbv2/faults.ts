// Every error of Elastic Load Balancing. Texts marked `own` are Millpond's; the others are AWS's, from public reports of
// refused requests.

import { Fault } from '../../wire/fault.ts';

const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

/** One of the common errors: what is wrong with a request. */
export const validation = (message: string): Fault => new Fault('ValidationError', message);

export const invalidArn = (word: string, arn: string): Fault =>
  validation(`'${arn}' is not a valid ${word} ARN`);

/** What Millpond does not have. */
export const notSupported = (what: string): Fault =>
  new Fault('NotImplemented', `Millpond does not support ${what}.`, { status: 501 });

export const invalidConfiguration = (message: string): Fault =>
  new Fault('InvalidConfigurationRequestException', message);

export const balancerNotFound = (arn: string): Fault =>
  new Fault('LoadBalancerNotFoundException', `Load balancer '${arn}' not found`);

export const balancersNotFound = (asked: readonly string[]): Fault =>
  new Fault('LoadBalancerNotFoundException', `Load balancers '[${asked.join(', ')}]' not found`);

export const balancerExists = (name: string): Fault =>
  new Fault(
    'DuplicateLoadBalancerNameException',
    `A load balancer with the same name '${name}' exists, but with different settings`,
  );

export const tooManyBalancers = (most: number): Fault =>
  new Fault(
    'TooManyLoadBalancersException',
    `The maximum number of load balancers has been reached: '${most}'`,
  );

export const deletionProtected = (arn: string): Fault =>
  new Fault(
    'OperationNotPermittedException',
    `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
  );

export const subnetNotFound = (id: string): Fault =>
  new Fault('SubnetNotFoundException', `The subnet ID '${id}' does not exist`);

/** own */
export const subnetsOfSeveralVpcs = (): Fault =>
  new Fault('InvalidSubnetException', 'All subnets must belong to the same VPC.');

/** own */
export const subnetIsFull = (message: string): Fault => new Fault('InvalidSubnetException', message);

export const noInternetGateway = (vpcId: string): Fault =>
  new Fault('InvalidSubnetException', `VPC ${vpcId} has no internet gateway`);

export const securityGroupNotFound = (ids: readonly string[]): Fault =>
  new Fault('InvalidSecurityGroupException', `The security group ${quoted(ids)} does not exist`);

export const foreignSecurityGroups = (): Fault =>
  invalidConfiguration('One or more security groups are invalid');

export const targetGroupsNotFound = (): Fault =>
  new Fault('TargetGroupNotFoundException', 'One or more target groups not found');

export const targetGroupExists = (name: string): Fault =>
  new Fault(
    'DuplicateTargetGroupNameException',
    `A target group with the same name '${name}' exists, but with different settings`,
  );

export const tooManyTargetGroups = (most: number): Fault =>
  new Fault(
    'TooManyTargetGroupsException',
    `The maximum number of target groups has been reached: '${most}'`,
  );

export const targetGroupInUse = (arn: string): Fault =>
  new Fault('ResourceInUseException', `Target group '${arn}' is currently in use by a listener or a rule`);

export const targetGroupElsewhere = (arn: string): Fault =>
  new Fault(
    'TargetGroupAssociationLimitException',
    `The following target groups cannot be associated with more than one load balancer: ${arn}`,
  );

export const tooManyGroupsOfBalancer = (most: number): Fault =>
  new Fault(
    'TooManyUniqueTargetGroupsPerLoadBalancerException',
    `The maximum number of unique target groups per load balancer has been reached: '${most}'`,
  );

/** own */
export const groupOfAnotherVpc = (arn: string): Fault =>
  invalidConfiguration(`The target group '${arn}' and the load balancer are in different VPCs.`);

export const listenersNotFound = (): Fault =>
  new Fault('ListenerNotFoundException', 'One or more listeners not found');

export const listenerExists = (arn: string): Fault =>
  new Fault(
    'DuplicateListenerException',
    `A listener already exists on this port for this load balancer '${arn}'`,
  );

export const tooManyListeners = (most: number): Fault =>
  new Fault('TooManyListenersException', `The maximum number of listeners has been reached: '${most}'`);

export const portInUse = (port: number): Fault => validation(`Listener port '${port}' is already in use`);

export const invalidProtocol = (protocol: string): Fault =>
  validation(`Listener protocol '${protocol}' must be one of 'HTTP, HTTPS'`);

export const certificateNeeded = (): Fault =>
  validation('A certificate must be specified for HTTPS listeners');

/** own */
export const tooManyCertificates = (most: number): Fault =>
  new Fault('TooManyCertificatesException', `At most ${most} certificates are possible.`);

/** own */
export const defaultCertificate = (arn: string): Fault =>
  new Fault(
    'OperationNotPermittedException',
    `The certificate '${arn}' is the default of the listener and cannot be removed.`,
  );

export const sslPolicyNotFound = (name: string): Fault =>
  new Fault('SSLPolicyNotFoundException', `SSL policy '${name}' not found`);

export const rulesNotFound = (): Fault => new Fault('RuleNotFoundException', 'One or more rules not found');

export const priorityInUse = (priority: number): Fault =>
  new Fault('PriorityInUseException', `Priority '${priority}' is currently in use`);

export const tooManyRules = (most: number): Fault =>
  new Fault(
    'TooManyRulesException',
    `The maximum number of rules per load balancer has been reached: '${most}'`,
  );

/** own */
export const defaultRule = (arn: string, what: string): Fault =>
  new Fault('OperationNotPermittedException', `Default rule '${arn}' cannot be ${what}`);

export const invalidAction = (message: string): Fault =>
  new Fault('InvalidLoadBalancerActionException', message);

/** own */
export const tooManyActions = (most: number): Fault =>
  new Fault('TooManyActionsException', `At most ${most} actions are possible.`);

export const invalidTarget = (message: string): Fault => new Fault('InvalidTargetException', message);

export const tooManyTargets = (most: number): Fault =>
  new Fault('TooManyTargetsException', `The maximum number of targets has been reached: '${most}'`);

/** AWS: HTTP status 403. */
export const mayNotInvoke = (functionArn: string, groupArn: string): Fault =>
  new Fault(
    'AccessDenied',
    `elasticloadbalancing principal does not have permission to invoke ${functionArn} from target group ${groupArn}`,
    { status: 403 },
  );

export const duplicateTagKeys = (): Fault =>
  new Fault('DuplicateTagKeysException', 'A tag key was specified more than once');

export const tooManyTags = (most: number): Fault =>
  new Fault('TooManyTagsException', `The maximum number of tags has been reached: '${most}'`);

/** own */
export const invalidToken = (): Fault => validation('The marker is not valid.');
