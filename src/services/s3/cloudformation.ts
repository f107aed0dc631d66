// S3's types for CloudFormation, each made through S3's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import { bucket } from './resource-types/bucket.ts';
import { bucketPolicy } from './resource-types/bucket-policy.ts';
import type { Sdk } from './sdk.ts';

export interface S3TypeDependencies {
  client: Client<Sdk>;
}

export const createS3Types = ({ client }: S3TypeDependencies): ResourceType[] => [
  bucket(client),
  bucketPolicy(client),
];
