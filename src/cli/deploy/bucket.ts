// The bucket for uploads, one per account and region. Keys are hashes of the content: existing content is not
// uploaded again, and the same files give the same template.

import { createHash } from 'node:crypto';
import { OperationalError } from '../../kernel/errors.ts';
import { ApiError, type Caller, requestQuery, STS, signedFor, textIn } from '../query-request.ts';

/** An object in S3. */
export interface UploadedObject {
  bucket: string;
  key: string;
}

/** Uploads content unless it exists already. */
export type Upload = (content: Buffer, extension: 'template' | 'zip') => Promise<UploadedObject>;

const UPLOAD_TIMEOUT_MS = 120_000;
const KEY_DIGITS = 32;

/** Creates the bucket at the first upload. Uploads throw CommandFailed with S3's own message, or TimedOut. */
export function uploaderTo(url: string, caller: Caller): Upload {
  let name: Promise<string> | undefined;
  return async (content, extension) => {
    const bucket = await (name ??= bucketName(url, caller));
    const digest = createHash('sha256').update(content).digest('hex').slice(0, KEY_DIGITS);
    const key = `${digest}.${extension}`;
    if ((await request('HEAD', `${bucket}/${key}`)).ok) return { bucket, key };
    let answer = await request('PUT', `${bucket}/${key}`, content);
    if (answer.status === 404) {
      await makeBucket(bucket);
      answer = await request('PUT', `${bucket}/${key}`, content);
    }
    if (!answer.ok) throw refused(`Uploading to s3://${bucket}/${key}`, answer);
    return { bucket, key };
  };

  async function makeBucket(bucket: string): Promise<void> {
    const elsewhere =
      caller.region === 'us-east-1'
        ? undefined
        : Buffer.from(
            `<CreateBucketConfiguration><LocationConstraint>${caller.region}</LocationConstraint></CreateBucketConfiguration>`,
          );
    const answer = await request('PUT', bucket, elsewhere);
    // Another deployment may have created it just now.
    if (!answer.ok && answer.status !== 409) throw refused(`Making the bucket ${bucket}`, answer);
  }

  async function request(method: string, path: string, body?: Buffer) {
    try {
      const answer = await fetch(`${url}/${path}`, {
        method,
        headers: { ...signedFor('s3', caller), 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        ...(body && { body: new Uint8Array(body) }),
        signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
      });
      return { ok: answer.ok, status: answer.status, text: await answer.text() };
    } catch (error) {
      throw new OperationalError('TimedOut', `S3 at ${url} does not answer.`, error);
    }
  }
}

async function bucketName(url: string, caller: Caller): Promise<string> {
  const account = textIn(await requestQuery(url, STS, 'GetCallerIdentity', {}, caller), 'Account');
  return `millpond-deploy-${account ?? 'unknown'}-${caller.region}`;
}

function refused(what: string, { status, text }: { status: number; text: string }): OperationalError {
  const message = textIn(text, 'Message') ?? `HTTP status ${status}`;
  return new OperationalError(
    'CommandFailed',
    `${what} was refused: ${message}`,
    new ApiError(textIn(text, 'Code') ?? String(status), message),
  );
}
