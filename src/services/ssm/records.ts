// SSM's records: parameters, each with the versions that are kept.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Store } from '../../store/store.ts';
import { limitExceeded, parameterNotFound } from './faults.ts';
import { keyOfName } from './parameter-names.ts';

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

export interface Records {
  /** The account's own, by name. */
  parameters: RecordsOf<ParameterRecord>;
}

const PARAMETER: RecordKind<ParameterRecord> = {
  collection: 'ssm/parameter',
  idOf: ({ name }) => name,
  keyOf: keyOfName,
  notFound: parameterNotFound,
  quota: { most: 10_000, exceeded: limitExceeded },
};

export const openRecords = (store: Store): Records => ({ parameters: openKind(store, PARAMETER) });
