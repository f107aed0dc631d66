// S3's XML over REST, which is not quite as its model and the protocol have it.

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
  // AWS: S3 does not wrap its errors, and its schema does not say so. They say what they are about, of which the model
  // knows hardly anything.
  errorElement(failure, requestId) {
    const code = renderFailure({ ...failure, schema: undefined });
    return `<Error>${code}${renderFreely(failure.members)}<RequestId>${requestId}</RequestId></Error>`;
  },
  // AWS: a document is checked against its schema before anything in it is looked at.
  missing: ([path = '']) => MISSING[path]?.() ?? (path.includes('.') ? malformedXml() : missingRequestBody()),
});

const MISSING: Record<string, () => Fault> = {
  ObjectAttributes: noAttributes,
  // What S3 says then is not published.
  Id: () => invalidRequest('The request must contain the id of the configuration.'),
};

export const codec: Codec = {
  ...xml,
  encode(operation, output, reply) {
    const answer = xml.encode(operation, output, reply);
    // AWS: listings bear it as well, and the model does not know.
    if (typeof output.BucketRegion === 'string')
      answer.headers['x-amz-bucket-region'] ??= output.BucketRegion;
    // AWS: says what the body would be, if there were one.
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
