// S3's restXml codec, with the differences from the protocol and from S3's model.

import { Fault } from '../../../wire/fault.ts';
import { renderFailure } from '../../../wire/query.ts';
import type { Codec } from '../../../wire/request.ts';
import { restXmlBy } from '../../../wire/rest-xml.ts';
import { escapeXml } from '../../../wire/xml.ts';
import { invalidRequest, malformedXml, missingRequestBody, noAttributes } from '../faults/requests.ts';

const xml = restXmlBy({
  unwrapped: new Set(['GetBucketLocationOutput']),
  unknownRoute({ method, path }) {
    const message = 'The specified method is not allowed against this resource.';
    const members = { Method: method, ResourceType: resourceTypeOf(path) };
    return new Fault('MethodNotAllowed', message, { status: 405, members });
  },
  // AWS: S3 does not wrap its errors in <ErrorResponse>. They contain details that the model does not have.
  errorElement(failure, requestId) {
    const code = renderFailure({ ...failure, schema: undefined });
    return `<Error>${code}${renderFreely(failure.members)}<RequestId>${requestId}</RequestId></Error>`;
  },
  // AWS: S3 validates a document against its XML schema first, so an absent inner member is malformed XML.
  missing: ([path = '']) => MISSING[path]?.() ?? (path.includes('.') ? malformedXml() : missingRequestBody()),
});

const MISSING: Record<string, () => Fault> = {
  ObjectAttributes: noAttributes,
  // AWS does not publish this text.
  Id: () => invalidRequest('The request must contain the id of the configuration.'),
};

/** Replaces the protocol's codec for S3. */
export const codec: Codec = {
  ...xml,
  encode(operation, output, reply) {
    const answer = xml.encode(operation, output, reply);
    // AWS: listings also have this header. The model does not contain it.
    if (typeof output.BucketRegion === 'string')
      answer.headers['x-amz-bucket-region'] ??= output.BucketRegion;
    // AWS: HeadBucket has a content type although it has no body.
    if (operation.name === 'HeadBucket') answer.headers['content-type'] ??= 'application/xml';
    return answer;
  },
};

function resourceTypeOf(path: string): string {
  if (path === '/') return 'SERVICE';
  return /^\/[^/]+\/?$/.test(path) ? 'BUCKET' : 'OBJECT';
}

const renderFreely = (members: Record<string, unknown>): string =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
