// Reads the parameters of an account in a region, its own and AWS's public ones, and renders AWS's views of them.

import type { Parameter } from '@aws-sdk/client-ssm';
import { machineImagesOf, PUBLIC_IMAGE_PATH } from '../../aws/machine-images.ts';
import { partitionOf, type Scope, scopeKey } from '../../aws/scope.ts';
import type { Ssm } from './context.ts';
import { versionNotFound } from './faults.ts';
import { arnOf } from './parameter-names.ts';
import type { ParameterRecord, ParameterVersion } from './records.ts';

/** Finds an own or a public parameter by its full name. */
export function findParameter(ssm: Ssm, scope: Scope, name: string): ParameterRecord | undefined {
  if (!name.startsWith(PUBLIC_IMAGE_PATH)) return ssm.records.parameters.find(scope, name);
  return publicParameters(scope).find((one) => one.name === name);
}

/** AWS's public parameters for machine images, sorted by name. */
export const publicParameters = ({ region }: Scope): ParameterRecord[] =>
  machineImagesOf(region)
    .flatMap((image) =>
      image.parameters.map((name) => publicParameter(name, image.imageId, Date.parse(image.createdAt))),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));

const publicParameter = (name: string, value: string, modifiedAt: number): ParameterRecord => ({
  name: `${PUBLIC_IMAGE_PATH}${name}`,
  versions: [
    {
      version: 1,
      type: 'String',
      value,
      dataType: 'aws:ec2:image',
      tier: 'Standard',
      labels: [],
      modifiedAt,
    },
  ],
  tags: {},
});

/** The context that a SecureString's ciphertext is bound to: account, region and name. */
export const placeOf = (scope: Scope, name: string): string => `${scopeKey(scope)} ${name}`;

/** The value that the client receives. A SecureString is decrypted only if the client asks for it. */
export function readValue(
  ssm: Ssm,
  scope: Scope,
  name: string,
  version: ParameterVersion,
  isDecrypted: boolean,
): string {
  if (version.type !== 'SecureString' || !isDecrypted) return version.value;
  return ssm.cipher.decrypt(version.value, placeOf(scope, name));
}

/** The newest version. */
export const latestOf = (record: ParameterRecord): ParameterVersion => record.versions.at(-1)!;

/** Selects a version by number or label; without a selector, the newest. Throws ParameterVersionNotFound. */
export function versionOf(record: ParameterRecord, selector: string | undefined): ParameterVersion {
  if (selector === undefined) return latestOf(record);
  const found = record.versions.find(
    (one) => String(one.version) === selector || one.labels.includes(selector),
  );
  if (!found) throw versionNotFound(record.name, selector);
  return found;
}

/** AWS's view of one version with its value. */
export function viewParameter(
  ssm: Ssm,
  scope: Scope,
  record: ParameterRecord,
  version: ParameterVersion,
  isDecrypted: boolean,
): Parameter {
  const isPublic = record.name.startsWith(PUBLIC_IMAGE_PATH);
  return {
    Name: record.name,
    Type: version.type,
    Value: readValue(ssm, scope, record.name, version, isDecrypted),
    Version: version.version,
    LastModifiedDate: new Date(version.modifiedAt),
    // AWS: the ARN of a public parameter has no account.
    ARN: arnOf(isPublic ? { ...scope, accountId: '' } : scope, record.name),
    DataType: version.dataType,
  };
}

/** The members that DescribeParameters and GetParameterHistory both return. */
export const metadataOf = (scope: Scope, version: ParameterVersion) => ({
  Type: version.type,
  KeyId: version.keyId,
  LastModifiedDate: new Date(version.modifiedAt),
  LastModifiedUser: `arn:${partitionOf(scope.region)}:iam::${scope.accountId}:root`,
  Description: version.description,
  AllowedPattern: version.allowedPattern,
  Version: version.version,
  Tier: version.tier,
  Policies: [],
  DataType: version.dataType,
});
