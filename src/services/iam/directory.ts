// All that IAM keeps of an account.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { type Entities, openEntities } from './entities.ts';
import type { GroupRecord, InstanceProfileRecord, PolicyRecord, RoleRecord, UserRecord } from './records.ts';

export interface Directory {
  roles: Entities<RoleRecord>;
  users: Entities<UserRecord>;
  groups: Entities<GroupRecord>;
  policies: Entities<PolicyRecord>;
  instanceProfiles: Entities<InstanceProfileRecord>;
  transaction<T>(work: () => T): T;
  now(): number;
}

export const openDirectory = (store: Store, clock: Clock): Directory => ({
  roles: openEntities(store.collection<RoleRecord>('iam/role'), {
    kind: 'Role',
    quota: 'RolesPerAccount',
    limit: 5_000,
  }),
  users: openEntities(store.collection<UserRecord>('iam/user'), {
    kind: 'User',
    quota: 'UsersPerAccount',
    limit: 5_000,
  }),
  groups: openEntities(store.collection<GroupRecord>('iam/group'), {
    kind: 'Group',
    quota: 'GroupsPerAccount',
    limit: 500,
  }),
  policies: openEntities(store.collection<PolicyRecord>('iam/policy'), {
    kind: 'Policy',
    quota: 'PoliciesPerAccount',
    limit: 5_000,
  }),
  instanceProfiles: openEntities(store.collection<InstanceProfileRecord>('iam/instance-profile'), {
    kind: 'Instance Profile',
    quota: 'InstanceProfilesPerAccount',
    limit: 5_000,
  }),
  transaction: (work) => store.transaction(work),
  now: () => clock.now(),
});
