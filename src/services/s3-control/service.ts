// S3 Control: of it the tags of buckets alone. Terraform's provider reads and writes them by it since its version 6.23,
// for every bucket. It keeps nothing: tags are S3's.

import type { Client } from '../../wire/client.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { openBucketTags } from './bucket-tags.ts';

export type S3Control = typeof import('@aws-sdk/client-s3-control');
export type S3Client = Client<typeof import('@aws-sdk/client-s3')>;

export function createS3Control(s3: S3Client): Service {
  const tags = openBucketTags(s3);
  return defineService<S3Control>('s3-control', {
    async ListTagsForResource(input, context) {
      return { Tags: await tags.list(input, context) };
    },
    async TagResource(input, context) {
      await tags.add(input, context, input.Tags);
      return {};
    },
    async UntagResource(input, context) {
      await tags.remove(input, context, input.TagKeys);
      return {};
    },
  });
}
