// The resource type AWS::S3::BucketPolicy, over S3's own API. Policies are recorded and not enforced.

import { unless } from '../../../control/resource-attempts.ts';
import { documentOf, requiredText } from '../../../control/resource-properties.ts';
import type { ResourceRequest, ResourceState, ResourceType } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { Sdk } from '../sdk.ts';

/** AWS::S3::BucketPolicy. Its physical id is the bucket's name. */
export function bucketPolicy(client: Client<Sdk>): ResourceType {
  async function put({
    properties,
    scope,
  }: Pick<ResourceRequest, 'properties' | 'scope'>): Promise<ResourceState> {
    const bucket = requiredText(properties, 'Bucket');
    const policy = documentOf(properties, 'PolicyDocument');
    await client.call('PutBucketPolicy', { Bucket: bucket, Policy: policy ?? '' }, scope);
    return { physicalId: bucket, attributes: {} };
  }

  return {
    name: 'AWS::S3::BucketPolicy',
    create: put,
    update: put,
    async delete({ physicalId, scope }) {
      await unless(/^NoSuchBucket$/, client.call('DeleteBucketPolicy', { Bucket: physicalId }, scope));
    },
  };
}
