// Translates SAM's code locations: `s3://bucket/key?versionId=v`, or separate bucket, key and version.

import { callOf } from '../intrinsics.ts';
import { member, type NodeSource, type TemplateNode, textOf } from '../node.ts';

/** Lambda's form of the location. A local path stays as it is. */
export function codeLocation(node: TemplateNode): NodeSource {
  const text = textOf(node);
  if (text !== undefined) {
    const found = /^s3:\/\/([^/]+)\/(.+?)(?:\?versionId=(.+))?$/.exec(text);
    if (!found) return node;
    return { S3Bucket: found[1]!, S3Key: found[2]!, S3ObjectVersion: found[3] };
  }
  if (callOf(node) || !member(node, 'Bucket')) return node;
  return {
    S3Bucket: member(node, 'Bucket'),
    S3Key: member(node, 'Key'),
    S3ObjectVersion: member(node, 'Version'),
  };
}
