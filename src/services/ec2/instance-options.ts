// Options of instances in AWS's words: metadata access, which metadata/ follows, and CPU credits, which have no effect.
// Pure.

import { machineImagesOf } from '../../aws/machine-images.ts';
import { invalidValue } from './faults.ts';
import { instanceTypeOf } from './instance-types.ts';
import type { InstanceRecord, MetadataOptions } from './model.ts';

/** AWS: the defaults of Amazon Linux 2023's images. */
const METADATA: MetadataOptions = {
  httpTokens: 'required',
  httpEndpoint: 'enabled',
  hopLimit: 2,
  instanceTags: 'disabled',
};

/** AWS: the defaults of images that do not ask for version 2, such as those of Amazon Linux 2. */
const OLDER_METADATA: MetadataOptions = { ...METADATA, httpTokens: 'optional', hopLimit: 1 };

/** The options of an instance of this image, unless the request has others. */
export const metadataOfImage = (region: string, imageId: string): MetadataOptions =>
  machineImagesOf(region).some((one) => one.imageId === imageId && one.name.startsWith('amzn'))
    ? OLDER_METADATA
    : METADATA;

interface MetadataAsked {
  HttpTokens?: string | undefined;
  HttpEndpoint?: string | undefined;
  HttpPutResponseHopLimit?: number | undefined;
  HttpProtocolIpv6?: string | undefined;
  InstanceMetadataTags?: string | undefined;
}

const MOST_HOPS = 64;

/** The previous options, overwritten by those of the request. Throws InvalidParameterValue. */
export function metadataOf(
  before: MetadataOptions | undefined,
  asked: MetadataAsked | undefined,
): MetadataOptions {
  const hops = asked?.HttpPutResponseHopLimit;
  // AWS: -1 means the same as no value.
  if (hops !== undefined && hops !== -1 && (!Number.isInteger(hops) || hops < 1 || hops > MOST_HOPS))
    throw invalidValue(String(hops), 'HttpPutResponseHopLimit');
  const ipv6 = asked?.HttpProtocolIpv6;
  if (ipv6 !== undefined && ipv6 !== 'disabled') throw invalidValue(ipv6, 'HttpProtocolIpv6');
  const held = before ?? METADATA;
  return {
    httpTokens: word(asked?.HttpTokens, 'HttpTokens', ['optional', 'required']) ?? held.httpTokens,
    httpEndpoint: word(asked?.HttpEndpoint, 'HttpEndpoint', ['disabled', 'enabled']) ?? held.httpEndpoint,
    hopLimit: hops === undefined || hops === -1 ? held.hopLimit : hops,
    instanceTags:
      word(asked?.InstanceMetadataTags, 'InstanceMetadataTags', ['disabled', 'enabled']) ?? held.instanceTags,
  };
}

/** AWS's view of the options; the defaults if there are none. */
export function viewMetadata(options: MetadataOptions | undefined, State: 'applied' | 'pending') {
  const { httpTokens, httpEndpoint, hopLimit, instanceTags } = options ?? METADATA;
  return {
    State,
    HttpTokens: httpTokens,
    HttpEndpoint: httpEndpoint,
    HttpPutResponseHopLimit: hopLimit,
    HttpProtocolIpv6: 'disabled' as const,
    InstanceMetadataTags: instanceTags,
  };
}

/** Throws InvalidParameterValue. */
export const checkCredits = (given: string | undefined) =>
  word(given, 'CpuCredits', ['standard', 'unlimited']);

/** AWS: the default is `standard` for t2 and `unlimited` for all later families. */
export const creditsOf = ({ cpuCredits, instanceType }: InstanceRecord): 'standard' | 'unlimited' =>
  cpuCredits ?? (instanceType.startsWith('t2.') ? 'standard' : 'unlimited');

/** Whether instances of the type have CPU credits. Unknown types are judged by their family's name. */
export const isBurstable = ({ instanceType }: Pick<InstanceRecord, 'instanceType'>): boolean =>
  instanceTypeOf(instanceType)?.burstable ?? /^t\d/.test(instanceType);

function word<W extends string>(
  given: string | undefined,
  parameter: string,
  words: readonly W[],
): W | undefined {
  if (given === undefined) return undefined;
  const found = words.find((one) => one === given);
  if (!found) throw invalidValue(given, parameter);
  return found;
}
