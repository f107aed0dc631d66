// x-amz-copy-source: `/bucket/key?versionId=id`, percent-encoded.

import { invalidArgument } from '../faults/requests.ts';

export interface CopySource {
  bucket: string;
  key: string;
  versionId?: string;
}

/** Throws InvalidArgument. */
export function parseCopySource(header: string): CopySource {
  const [, encoded, versionId] = /^(.*?)(?:\?versionId=([^&]*))?$/s.exec(header)!;
  const path = decode(encoded!).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1 || slash === path.length - 1) throw malformedCopySource(header);
  return {
    bucket: path.slice(0, slash),
    key: path.slice(slash + 1),
    ...(versionId === undefined ? {} : { versionId: decode(versionId) }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformedCopySource(text);
  }
}

export const malformedCopySource = (header: string) =>
  invalidArgument(
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    'x-amz-copy-source',
    header.slice(0, 1024),
  );
