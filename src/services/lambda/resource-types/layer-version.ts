// AWS::Lambda::LayerVersion. A version never changes: every update makes a new one.

import { physicalName } from '../../../control/physical-name.ts';
import { unless } from '../../../control/resource-attempts.ts';
import { listOf, objectOf, textOf } from '../../../control/resource-properties.ts';
import type { ResourceRequest, ResourceState, ResourceType } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import { LONGEST_NAME, layerNameOf, readLayerVersionArn } from '../domain/names.ts';
import { GONE } from '../faults.ts';
import type { Input, Sdk } from '../sdk.ts';

/** The resource type of layer versions. */
export const layerVersionType = (lambda: Client<Sdk>): ResourceType => ({
  name: 'AWS::Lambda::LayerVersion',

  async create(request) {
    const { scope, properties } = request;
    const LayerName = textOf(properties, 'LayerName') ?? physicalName(request, { maxLength: LONGEST_NAME });
    const before = request.isRetry ? await newest(lambda, request, LayerName) : undefined;
    const input = {
      LayerName,
      Content: objectOf(properties, 'Content') ?? {},
      CompatibleRuntimes: listOf(properties, 'CompatibleRuntimes'),
      CompatibleArchitectures: listOf(properties, 'CompatibleArchitectures'),
      Description: textOf(properties, 'Description'),
      LicenseInfo: textOf(properties, 'LicenseInfo'),
    };
    const made = await lambda.call('PublishLayerVersion', input as Input<'PublishLayerVersion'>, scope);
    // An earlier attempt may have published it: the same package under the same name.
    if (before && before.Content?.CodeSha256 === made.Content?.CodeSha256) {
      await lambda.call('DeleteLayerVersion', { LayerName, VersionNumber: made.Version! }, scope);
      return stateOf(before.LayerVersionArn!);
    }
    return stateOf(made.LayerVersionArn!);
  },

  async delete({ scope, physicalId }) {
    const reference = readLayerVersionArn(physicalId);
    if (!reference) return;
    const input = { LayerName: reference.name, VersionNumber: reference.version };
    await unless(GONE, lambda.call('DeleteLayerVersion', input, scope));
  },
});

const stateOf = (arn: string): ResourceState => ({ physicalId: arn, attributes: { LayerVersionArn: arn } });

async function newest(lambda: Client<Sdk>, { scope }: ResourceRequest, LayerName: string) {
  const { LayerVersions } = await lambda.call('ListLayerVersions', { LayerName, MaxItems: 1 }, scope);
  const Version = LayerVersions?.[0]?.Version;
  if (Version === undefined) return undefined;
  return lambda.call('GetLayerVersion', { LayerName: layerNameOf(LayerName), VersionNumber: Version }, scope);
}
