// AWS::S3::BucketPolicy: a bucket's one policy. Kept and given back; nothing is allowed or denied by it.

import { unless } from '../../../control/resource-attempts.ts';
import { documentOf, requiredText } from '../../../control/resource-properties.ts';
import type { ResourceRequest, ResourceState, ResourceType } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { Sdk } from '../sdk.ts';

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
