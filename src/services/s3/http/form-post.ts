// AWS: S3 accepts uploads by HTML forms: a POST to the bucket, with fields in place of headers and the file as the last
// field. This file converts such a request to a PutObject, and its response to the one that the form asks for.

import { Fault } from '../../../wire/fault.ts';
import type { FormPost } from '../../../wire/http-dialect.ts';
import type { RequestHead, WireResponse } from '../../../wire/request.ts';
import { escapeXml } from '../../../wire/xml.ts';
import { invalidArgument } from '../faults/requests.ts';
import { bucketOf } from './addressing.ts';
import { parseMultipartForm } from './multipart-form.ts';
import { checkPostPolicy } from './post-policy.ts';

/** Whether a request is such a form. `head` is normalized. */
export const isFormPost = (head: RequestHead): boolean =>
  head.method === 'POST' &&
  (head.headers['content-type'] ?? '').toLowerCase().startsWith('multipart/form-data') &&
  head.url.search === '' &&
  [`/${bucketOf(head.path)}`, `/${bucketOf(head.path)}/`].includes(head.path);

/** Fields that become headers of the PutObject, besides those that begin with `x-amz-`. */
const HEADERS = new Set([
  'cache-control',
  'content-type',
  'content-disposition',
  'content-encoding',
  'expires',
]);
const SIGNATURE = /^x-amz-(algorithm|credential|date|signature)$/;

/** Throws S3's Fault for a malformed form or a violated policy. `now` is in milliseconds since the epoch. */
export function readFormPost(head: RequestHead, body: Buffer, now: number): FormPost {
  const { fields, file } = readForm(head, body);
  if (!file) {
    throw invalidArgument('POST requires exactly one file upload per request.', 'file', '0');
  }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own placeholder
  const key = fields.get('key')?.replaceAll('${filename}', file.name);
  if (!key) {
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      'key',
      '',
    );
  }
  if (fields.has('tagging')) {
    throw new Fault('NotImplemented', 'Millpond does not implement the field tagging of forms yet.', {
      status: 501,
    });
  }
  const bucket = bucketOf(head.path);
  const policy = fields.get('policy');
  if (policy !== undefined) checkPostPolicy(policy, { fields, bucket, bytes: file.bytes.length, now });
  const signature = signatureIn(fields);
  const path = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return {
    head: {
      method: 'PUT',
      url: new URL(`http://millpond/?${signature}`),
      path,
      headers: { ...headersIn(fields), 'content-length': String(file.bytes.length) },
    },
    file: file.bytes,
    isSigned: policy !== undefined && signature.size > 0,
    reshape: (answer) => reshape(answer, { fields, bucket, key, location: path }),
  };
}

function readForm(head: RequestHead, body: Buffer) {
  const form = parseMultipartForm(head.headers['content-type'] ?? '', body);
  switch (form) {
    case 'malformed':
      throw new Fault(
        'MalformedPOSTRequest',
        'The body of your POST request is not well-formed multipart/form-data.',
      );
    case 'fields too large':
      throw new Fault(
        'MaxPostPreDataLengthExceeded',
        'Your POST request fields preceding the upload file were too large.',
      );
    default:
      return form;
  }
}

function headersIn(fields: ReadonlyMap<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    const isHeader = HEADERS.has(name) || (name.startsWith('x-amz-') && !SIGNATURE.test(name));
    if (isHeader) headers[name] = inHeader(name, value);
    else if (name === 'acl') headers['x-amz-acl'] = inHeader(name, value);
  }
  return headers;
}

/** The value as a header: one latin1 character for each byte of its UTF-8. */
function inHeader(name: string, value: string): string {
  const text = Buffer.from(value).toString('latin1');
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw invalidArgument('A field that becomes a header must be one line.', name, value.slice(0, 100));
  }
  return text;
}

/** The form's signature as query parameters. */
function signatureIn(fields: ReadonlyMap<string, string>): URLSearchParams {
  const credential = fields.get('x-amz-credential');
  if (credential !== undefined && fields.has('x-amz-signature')) {
    return new URLSearchParams({ 'X-Amz-Credential': credential });
  }
  const key = fields.get('awsaccesskeyid');
  const signature = fields.get('signature');
  const isOld = key !== undefined && signature !== undefined;
  return new URLSearchParams(isOld ? { AWSAccessKeyId: key, Signature: signature } : {});
}

function reshape(
  answer: WireResponse,
  {
    fields,
    bucket,
    key,
    location,
  }: { fields: ReadonlyMap<string, string>; bucket: string; key: string; location: string },
): WireResponse {
  const etag = answer.headers.etag ?? '';
  const redirect = URL.parse(fields.get('success_action_redirect') ?? fields.get('redirect') ?? '');
  if (redirect && /^https?:$/.test(redirect.protocol)) {
    for (const [name, value] of Object.entries({ bucket, key, etag })) redirect.searchParams.set(name, value);
    return { status: 303, headers: { ...answer.headers, location: redirect.href }, body: '' };
  }
  const headers = { ...answer.headers, location };
  switch (fields.get('success_action_status')) {
    case '200':
      return { status: 200, headers, body: '' };
    case '201': {
      const content = Object.entries({ Location: location, Bucket: bucket, Key: key, ETag: etag })
        .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
        .join('');
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${content}</PostResponse>`;
      return { status: 201, headers: { ...headers, 'content-type': 'application/xml' }, body };
    }
    default:
      return { status: 204, headers, body: '' };
  }
}
