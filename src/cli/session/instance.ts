// Finds the instance for a session, and checks whether Session Manager would reach it. Asks EC2.

import { REGIONS } from '../../aws/regions.ts';
import { ApiError, type Caller, EC2, elementsIn, requestQuery, textIn } from '../query-request.ts';

/** An instance whose agent would be connected. */
export interface ConnectedInstance {
  instanceId: string;
  region: string;
  /** Its private DNS name, which is also its host name. */
  hostName: string;
  /** Where it is in its VPC. */
  place: { subnetId?: string; address?: string; securityGroupIds: string[]; isInstance: true };
}

/** AWS: the answer for every unsuitable target is that it is not connected. */
export class TargetNotConnected extends Error {
  override readonly name = 'TargetNotConnected';
  /** The reason, which AWS does not give. */
  readonly because: string;

  constructor(target: string, because: string) {
    super(
      `An error occurred (TargetNotConnected) when calling the StartSession operation: ${target} is not connected.`,
    );
    this.because = because;
  }
}

/**
 * Searches the caller's region, or all regions if `anyRegion`: instance ids are unique. Throws TargetNotConnected,
 * ApiError or TimedOut.
 */
export async function findInstance(
  url: string,
  caller: Caller,
  target: string,
  anyRegion: boolean,
): Promise<ConnectedInstance> {
  const regions = anyRegion ? everyRegion(caller.region) : [caller.region];
  for (const region of regions) {
    const description = await describe(url, { ...caller, region }, target);
    if (description !== undefined) return connected(description, target, region);
  }
  const where = anyRegion ? 'here' : `in ${caller.region}`;
  throw new TargetNotConnected(target, `there is no instance ${target} ${where}.`);
}

const everyRegion = (first: string): Set<string> => new Set([first, ...REGIONS.map(({ name }) => name)]);

/** `undefined` when the instance does not exist in the region. */
async function describe(url: string, caller: Caller, target: string): Promise<string | undefined> {
  try {
    return await requestQuery(url, EC2, 'DescribeInstances', { 'InstanceId.1': target }, caller);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'InvalidInstanceID.NotFound') return undefined;
    // A malformed id gives the same error in every region.
    throw new TargetNotConnected(target, `${error.code}: ${error.message}`);
  }
}

function connected(description: string, target: string, region: string): ConnectedInstance {
  const state = textIn(elementsIn(description, 'instanceState')[0] ?? '', 'name') ?? 'unknown';
  if (state === 'stopped') {
    throw new TargetNotConnected(
      target,
      `it is stopped; \`aws ec2 start-instances --instance-ids ${target}\` starts it.`,
    );
  }
  if (state !== 'running') throw new TargetNotConnected(target, `it is ${state}.`);
  if (elementsIn(description, 'iamInstanceProfile').length === 0) {
    throw new TargetNotConnected(
      target,
      'it has no instance profile, without which its agent may not report to Systems Manager; `aws ec2 associate-iam-instance-profile` gives it one.',
    );
  }
  const subnetId = textIn(description, 'subnetId');
  const address = textIn(description, 'privateIpAddress');
  // The reservation has a groupSet of its own, which is empty.
  const interfaces = elementsIn(description, 'networkInterfaceSet')[0] ?? '';
  const groups = elementsIn(interfaces, 'groupSet')[0] ?? '';
  return {
    instanceId: target,
    region,
    hostName: textIn(description, 'privateDnsName') || target,
    place: {
      ...(subnetId && { subnetId }),
      ...(address && { address }),
      securityGroupIds: [...groups.matchAll(/<groupId>([^<]+)/g)].map(([, id]) => id!),
      isInstance: true,
    },
  };
}
