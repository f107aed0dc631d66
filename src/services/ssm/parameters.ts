// The parameters of an account in a region: their records, AWS's public ones beside them, and how both are shown.

import type { Parameter } from '@aws-sdk/client-ssm';
import { machineImagesOf, PUBLIC_IMAGE_PATH } from '../../aws/machine-images.ts';
import { openRecords, type RecordKind, type Records } from '../../aws/records.ts';
import { partitionOf, type Scope, scopeKey } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { limitExceeded, parameterNotFound, versionNotFound } from './faults.ts';
import { arnOf, keyOfName } from './parameter-names.ts';
import type { Seal } from './seal.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface ParameterVersion {
  version: number;
  type: ParameterType;
  /** Sealed, for a SecureString. */
  value: string;
  keyId?: string;
  description?: string;
  allowedPattern?: string;
  dataType: string;
  tier: 'Standard' | 'Advanced';
  labels: string[];
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

export interface ParameterRecord {
  name: string;
  /** Oldest first; never empty. */
  versions: ParameterVersion[];
  tags: Record<string, string>;
}

export interface Parameters {
  /** The account's own, by name. */
  own: Records<ParameterRecord>;
  /** One's own, or a public one. */
  find(scope: Scope, name: string): ParameterRecord | undefined;
  /** Sorted by name. */
  publicOnes(scope: Scope): ParameterRecord[];
  seal(scope: Scope, name: string, plain: string): string;
  /** Its value as the caller may see it: a SecureString only opened on demand. */
  valueOf(scope: Scope, name: string, version: ParameterVersion, isDecrypted: boolean): string;
  transaction<T>(work: () => T): T;
  now(): number;
}

const PARAMETER: RecordKind<ParameterRecord> = {
  collection: 'ssm/parameter',
  idOf: ({ name }) => name,
  keyOf: keyOfName,
  notFound: parameterNotFound,
  quota: { most: 10_000, exceeded: limitExceeded },
};

export function openParameters(store: Store, clock: Clock, seal: Seal): Parameters {
  const own = openRecords(store, PARAMETER);
  const placeOf = (scope: Scope, name: string) => `${scopeKey(scope)} ${name}`;
  const publicOnes = (scope: Scope) =>
    machineImagesOf(scope.region)
      .flatMap((image) =>
        image.parameters.map((name) => publicParameter(name, image.imageId, Date.parse(image.createdAt))),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    own,
    find(scope, name) {
      if (!name.startsWith(PUBLIC_IMAGE_PATH)) return own.find(scope, name);
      return publicOnes(scope).find((one) => one.name === name);
    },
    publicOnes,
    seal: (scope, name, plain) => seal.close(plain, placeOf(scope, name)),
    valueOf(scope, name, version, isDecrypted) {
      if (version.type !== 'SecureString' || !isDecrypted) return version.value;
      return seal.open(version.value, placeOf(scope, name));
    },
    transaction: (work) => store.transaction(work),
    now: () => clock.now(),
  };
}

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

export const latestOf = (record: ParameterRecord): ParameterVersion => record.versions.at(-1)!;

/** By number or label; the latest without. Throws ParameterVersionNotFound. */
export function versionOf(record: ParameterRecord, selector: string | undefined): ParameterVersion {
  if (selector === undefined) return latestOf(record);
  const found = record.versions.find(
    (one) => String(one.version) === selector || one.labels.includes(selector),
  );
  if (!found) throw versionNotFound(record.name, selector);
  return found;
}

export function viewParameter(
  parameters: Parameters,
  scope: Scope,
  record: ParameterRecord,
  version: ParameterVersion,
  isDecrypted: boolean,
): Parameter {
  const isPublic = record.name.startsWith(PUBLIC_IMAGE_PATH);
  return {
    Name: record.name,
    Type: version.type,
    Value: parameters.valueOf(scope, record.name, version, isDecrypted),
    Version: version.version,
    LastModifiedDate: new Date(version.modifiedAt),
    // AWS: public parameters belong to no account.
    ARN: arnOf(isPublic ? { ...scope, accountId: '' } : scope, record.name),
    DataType: version.dataType,
  };
}

/** What all descriptions of a version have in common. */
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
