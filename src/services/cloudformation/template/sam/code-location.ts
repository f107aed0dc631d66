// Where code lies: s3://bucket/key?versionId=v, or bucket, key and version apart. A local path is left as it is given,
// for whoever packages.

import { callOf } from '../intrinsics.ts';
import { member, type NodeSource, type TemplateNode, textOf } from '../node.ts';

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
