// The header x-amz-copy-source: `/bucket/key?versionId=id`, percent-encoded. Pure.

import { invalidArgument } from '../faults/requests.ts';

/** The parsed header. */
export interface CopySource {
  bucket: string;
  key: string;
  versionId?: string;
}

/** Parses the header. Throws InvalidArgument. */
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

/** InvalidArgument for a malformed header. */
export const malformedCopySource = (header: string) =>
  invalidArgument(
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    'x-amz-copy-source',
    header.slice(0, 1024),
  );
