// The resource type AWS::S3::Bucket, over S3's own API. AWS: CloudFormation cannot delete a bucket that is not empty.

import type { CreateBucketConfiguration } from '@aws-sdk/client-s3';
import { partitionOf } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { renderTags, tagsOf } from '../../../control/resource-properties.ts';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Sdk } from '../sdk.ts';
import { applySettings, refuseSettings } from './bucket-settings.ts';

const MAX_NAME_LENGTH = 63;
/** AWS: a bucket without a location constraint is in us-east-1. */
const DEFAULT_REGION = 'us-east-1';

/** AWS::S3::Bucket. Its physical id is the bucket's name. */
export function bucket(client: Client<Sdk>): ResourceType {
  async function configure(request: Omit<ResourceRequest, 'isRetry'>, name: string, before?: Properties) {
    const { properties, scope } = request;
    await applySettings(client, { scope, bucket: name, before: before ?? {}, after: properties });
    const tags = renderTags(tagsOf(request));
    if (tags.length > 0) {
      await client.call('PutBucketTagging', { Bucket: name, Tagging: { TagSet: tags } }, scope);
    } else if (before?.Tags !== undefined) {
      await client.call('DeleteBucketTagging', { Bucket: name }, scope);
    }
  }

  return {
    name: 'AWS::S3::Bucket',
    async create(request) {
      const { properties, scope, isRetry } = request;
      refuseSettings(properties);
      const given = properties.BucketName as string | undefined;
      const name = given ?? physicalName(request, { maxLength: MAX_NAME_LENGTH, lowerCase: true });
      const place =
        scope.region === DEFAULT_REGION
          ? {}
          : {
              CreateBucketConfiguration: {
                LocationConstraint: scope.region as CreateBucketConfiguration['LocationConstraint'],
              },
            };
      try {
        const lock = properties.ObjectLockEnabled === true && { ObjectLockEnabledForBucket: true };
        await client.call('CreateBucket', { Bucket: name, ...place, ...lock }, scope);
      } catch (error) {
        // AWS: in us-east-1 creating one's own bucket again succeeds, but a stack never takes over an existing bucket.
        const isOwn = error instanceof Fault && error.shape === 'BucketAlreadyOwnedByYou';
        if (!isOwn || !isRetry) throw error;
      }
      await configure(request, name);
      return stateOf(request, name);
    },
    async update(request) {
      refuseSettings(request.properties);
      await configure(request, request.physicalId, request.before);
      return stateOf(request, request.physicalId);
    },
    async delete({ physicalId, scope }) {
      try {
        await client.call('DeleteBucket', { Bucket: physicalId }, scope);
      } catch (error) {
        if (!(error instanceof Fault) || error.shape !== 'NoSuchBucket') throw error;
      }
    },
  };
}

function stateOf({ scope }: Pick<ResourceRequest, 'scope'>, name: string): ResourceState {
  const partition = partitionOf(scope.region);
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:${partition}:s3:::${name}`,
      DomainName: `${name}.s3.${suffix}`,
      DualStackDomainName: `${name}.s3.dualstack.${scope.region}.${suffix}`,
      RegionalDomainName: `${name}.s3.${scope.region}.${suffix}`,
      WebsiteURL: `http://${name}.s3-website-${scope.region}.${suffix}`,
    },
  };
}
