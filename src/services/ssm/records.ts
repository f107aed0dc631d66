// SSM's records: parameters, each with its stored versions.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Store } from '../../store/store.ts';
import { limitExceeded, parameterNotFound } from './faults.ts';
import { keyOfName } from './parameter-names.ts';

/** AWS's types of parameters. */
export type ParameterType = 'String' | 'StringList' | 'SecureString';

/** One version of a parameter. `keyId` is recorded only; no key of KMS encrypts the value. */
export interface ParameterVersion {
  version: number;
  type: ParameterType;
  /** Encrypted if the type is SecureString. */
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

/** A parameter of the account. */
export interface ParameterRecord {
  name: string;
  /** Oldest first; never empty. */
  versions: ParameterVersion[];
  tags: Record<string, string>;
}

/** SSM's collections. */
export interface Records {
  /** The account's own parameters, by name. */
  parameters: RecordsOf<ParameterRecord>;
}

const PARAMETER: RecordKind<ParameterRecord> = {
  collection: 'ssm/parameter',
  idOf: ({ name }) => name,
  keyOf: keyOfName,
  notFound: parameterNotFound,
  quota: { most: 10_000, exceeded: limitExceeded },
};

/** Opens SSM's collections in the store. */
export const openRecords = (store: Store): Records => ({ parameters: openKind(store, PARAMETER) });
