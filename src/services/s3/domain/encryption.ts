// Server-side encryption: nothing is encrypted, but the requested settings are validated, recorded and shown. Pure.

import { partitionOf } from '../../../aws/scope.ts';
import { derivedUuid } from '../../../kernel/ids.ts';
import { headerNotImplemented, invalidArgument } from '../faults/requests.ts';
import { listOf, oneOf, structure, text } from './documents.ts';
import type { EncryptionConfiguration as Configuration } from './given-settings.ts';
import type { BucketRecord, Encryption } from './records.ts';

/** AWS: the encryption setting of a bucket without one. */
export const ENCRYPTED: Configuration = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

const ALGORITHMS = ['AES256', 'aws:kms', 'aws:kms:dsse'];

const FORM = structure(
  {
    Rules: listOf(
      structure({
        ApplyServerSideEncryptionByDefault: structure(
          { SSEAlgorithm: oneOf(...ALGORITHMS), KMSMasterKeyID: text(1, 2048) },
          { required: ['SSEAlgorithm'] },
        ),
        BlockedEncryptionTypes: structure({ EncryptionType: listOf(oneOf('NONE', 'SSE-C'), 1, 2) }),
      }),
      1,
      1,
    ),
  },
  { required: ['Rules'] },
);

/** Validates a bucket's encryption setting. Throws MalformedXML, InvalidArgument. */
export function acceptEncryption(value: Configuration): Configuration {
  FORM(value);
  const [rule] = value.Rules!;
  const { SSEAlgorithm, KMSMasterKeyID } = rule!.ApplyServerSideEncryptionByDefault ?? {};
  if (KMSMasterKeyID !== undefined && SSEAlgorithm === 'AES256') {
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'ApplyServerSideEncryptionByDefault',
    );
  }
  return { Rules: [{ ...rule, BucketKeyEnabled: rule!.BucketKeyEnabled ?? false }] };
}

/** The encryption members of PutObject, CopyObject and CreateMultipartUpload. */
export interface EncryptionInput {
  ServerSideEncryption?: string | undefined;
  SSEKMSKeyId?: string | undefined;
  BucketKeyEnabled?: boolean | undefined;
}

/** The members of SSE-C (keys of the customer's own), with their headers. */
const CUSTOMER_KEYS = {
  SSECustomerAlgorithm: 'x-amz-server-side-encryption-customer-algorithm',
  SSECustomerKey: 'x-amz-server-side-encryption-customer-key',
  SSECustomerKeyMD5: 'x-amz-server-side-encryption-customer-key-MD5',
  CopySourceSSECustomerAlgorithm: 'x-amz-copy-source-server-side-encryption-customer-algorithm',
  CopySourceSSECustomerKey: 'x-amz-copy-source-server-side-encryption-customer-key',
  CopySourceSSECustomerKeyMD5: 'x-amz-copy-source-server-side-encryption-customer-key-MD5',
};

/**
 * Refuses SSE-C, because bytes that the client believes encrypted with its key would be stored in plain text. Throws
 * NotImplemented.
 */
export function refuseCustomerKeys(input: object): void {
  for (const [member, header] of Object.entries(CUSTOMER_KEYS)) {
    if (input[member as never] !== undefined) throw headerNotImplemented(header);
  }
}

/**
 * The encryption of a new object: as requested, or as the bucket's setting says; `undefined` for S3's own keys. Throws
 * InvalidArgument.
 */
export function encryptionOf(bucket: BucketRecord, input: EncryptionInput): Encryption | undefined {
  refuseCustomerKeys(input);
  const { ServerSideEncryption: asked, SSEKMSKeyId } = input;
  if (asked !== undefined && !ALGORITHMS.includes(asked)) {
    throw invalidArgument(
      'The encryption method specified is not supported',
      'x-amz-server-side-encryption',
      asked.slice(0, 100),
    );
  }
  if (SSEKMSKeyId !== undefined && (asked === undefined || asked === 'AES256')) {
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      'x-amz-server-side-encryption',
    );
  }
  const rule = (bucket.settings.ServerSideEncryptionConfiguration as Configuration | undefined)?.Rules?.[0];
  const byDefault = rule?.ApplyServerSideEncryptionByDefault;
  const algorithm = asked ?? byDefault?.SSEAlgorithm ?? 'AES256';
  if (algorithm === 'AES256') return undefined;
  const key = SSEKMSKeyId ?? (byDefault?.SSEAlgorithm === algorithm ? byDefault.KMSMasterKeyID : undefined);
  return {
    algorithm,
    keyId: keyArn(bucket, key),
    ...((input.BucketKeyEnabled ?? rule?.BucketKeyEnabled) ? { bucketKey: true } : {}),
  };
}

/** The key's ARN. AWS: without a key, S3's own KMS key is used; its id is derived here. */
function keyArn({ accountId, region }: BucketRecord, key: string | undefined): string {
  if (key?.startsWith('arn:')) return key;
  const prefix = `arn:${partitionOf(region)}:kms:${region}:${accountId}:`;
  if (key !== undefined) return prefix + (key.startsWith('alias/') ? key : `key/${key}`);
  return `${prefix}key/${derivedUuid('s3-kms-key', accountId, region)}`;
}

/** The encryption members of answers about an object or its upload. */
export function showEncryption(encryption: Encryption | undefined) {
  return {
    ServerSideEncryption: (encryption?.algorithm ?? 'AES256') as 'AES256',
    SSEKMSKeyId: encryption?.keyId,
    BucketKeyEnabled: encryption?.bucketKey,
  };
}
