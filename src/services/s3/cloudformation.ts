// S3's resource types for CloudFormation. Each calls S3's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import { bucket } from './resource-types/bucket.ts';
import { bucketPolicy } from './resource-types/bucket-policy.ts';
import type { Sdk } from './sdk.ts';

/** What `createS3Types` needs. */
export interface S3TypeDependencies {
  client: Client<Sdk>;
}

/** AWS::S3::Bucket and AWS::S3::BucketPolicy. */
export const createS3Types = ({ client }: S3TypeDependencies): ResourceType[] => [
  bucket(client),
  bucketPolicy(client),
];
