// DescribeInstanceInformation and GetConnectionStatus: the instances whose agent is connected.

import type { Instance } from '@aws-sdk/client-ec2';
import { invalidFilterKey, validation } from '../faults.ts';
import { instancePages, pageRequest } from '../paging.ts';
import type { Input, Operation } from '../sdk.ts';
import { connectedInstance, connectedInstances } from '../sessions/targets.ts';

const MAX_PAGE = 50;
/** AWS: the agent of Amazon Linux 2023. */
const AGENT = { AgentVersion: '3.3.2299.0', IsLatestVersion: true };

/** Only instances of EC2: there are no activations. Throws InvalidFilterKey, ValidationException, InvalidNextToken. */
export const DescribeInstanceInformation: Operation<'DescribeInstanceInformation'> = async (
  ssm,
  input,
  context,
) => {
  const isWanted = filterOf(input);
  const all = (await connectedInstances(ssm, context)).filter(isWanted);
  all.sort((one, other) => (String(one.InstanceId) < String(other.InstanceId) ? -1 : 1));
  const { items, token } = instancePages.ofSorted(
    all,
    (instance) => String(instance.InstanceId),
    pageRequest(MAX_PAGE, input),
  );
  return {
    InstanceInformationList: items.map((instance) => ({
      ...{ InstanceId: instance.InstanceId, PingStatus: 'Online' as const, ...AGENT },
      ...{ PlatformType: 'Linux' as const, PlatformName: 'Amazon Linux', PlatformVersion: '2023' },
      ...{ ResourceType: 'EC2Instance' as const, IPAddress: instance.PrivateIpAddress },
      ...{ ComputerName: instance.PrivateDnsName, LastPingDateTime: new Date(ssm.clock.now()) },
    })),
    NextToken: token,
  };
};

/** AWS: targets that do not exist are not connected. */
export const GetConnectionStatus: Operation<'GetConnectionStatus'> = async (ssm, input, context) => {
  const target = input.Target as string;
  const instance = await connectedInstance(ssm, context, target);
  return { Target: target, Status: instance ? 'connected' : 'notconnected' };
};

/** What all connected instances have. */
const SAME: Readonly<Record<string, string>> = {
  PingStatus: 'Online',
  PlatformTypes: 'Linux',
  ResourceType: 'EC2Instance',
  AgentVersion: AGENT.AgentVersion,
};

function filterOf({
  Filters = [],
  InstanceInformationFilterList = [],
}: Input<'DescribeInstanceInformation'>): (instance: Instance) => boolean {
  if (Filters.length > 0 && InstanceInformationFilterList.length > 0) {
    throw validation('You can use either Filters or InstanceInformationFilterList in a single request.');
  }
  const wanted = [
    ...Filters.map(({ Key, Values }) => ({ key: String(Key), values: Values ?? [] })),
    ...InstanceInformationFilterList.map(({ key, valueSet }) => ({
      key: String(key),
      values: valueSet ?? [],
    })),
  ];
  const tests = wanted.map(({ key, values }) => {
    if (key === 'InstanceIds') return ({ InstanceId }: Instance) => values.includes(String(InstanceId));
    const same = SAME[key];
    if (same === undefined) throw invalidFilterKey(key, ['InstanceIds', ...Object.keys(SAME)]);
    return () => values.includes(same);
  });
  return (instance) => tests.every((test) => test(instance));
}
