// GetAccountAuthorizationDetails: pages of users, groups, roles and managed policies with all their parts.

import type {
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  UserDetail,
} from '@aws-sdk/client-iam';
import type { Records } from '../../../aws/records.ts';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import { turnEnd } from '../../../kernel/turn.ts';
import { awsPolicyOf, COMMON_AWS_POLICIES } from '../aws-policies.ts';
import type { Iam } from '../context.ts';
import { arnOf } from '../identifiers.ts';
import { iamPages, pageRequest, pagingOf } from '../lists.ts';
import { findPolicy, usageOf, viewPolicy, viewVersion } from '../policies.ts';
import { encodeDocument } from '../policy-document.ts';
import { keyOf, type PolicyRecord, type PrincipalRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { viewInstanceProfile } from './instance-profiles.ts';
import { viewRole } from './roles.ts';
import { view as viewUser } from './users.ts';

const pages = iamPages('account details');

/** In the order in which the pages list them. */
const KINDS = ['User', 'Group', 'Role', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;

interface Listed {
  key: string;
  users?: UserDetail;
  groups?: GroupDetail;
  roles?: RoleDetail;
  policies?: ManagedPolicyDetail;
}

/** Kinds follow each other in the order of KINDS; AWS managed policies are listed only if attached. */
export const GetAccountAuthorizationDetails: Operation<'GetAccountAuthorizationDetails'> = async (
  iam,
  input,
  context,
) => {
  const { limit, token } = pageRequest(input);
  const { kind: first, name: after } = readKey(pages.keyOf(token));
  const wanted = (kind: (typeof KINDS)[number]) => !input.Filter?.length || input.Filter.includes(kind);
  const found: Listed[] = [];
  for (const [place, kind] of KINDS.entries()) {
    if (place < first || !wanted(kind) || found.length > limit) continue;
    const range = { ...(place === first && { after }), limit: limit + 1 - found.length };
    const details = await listed(iam, context, kind, range);
    found.push(...details.map((one) => ({ ...one, key: `${place} ${one.key}` })));
  }
  const items = found.slice(0, limit);
  return {
    UserDetailList: items.flatMap(({ users }) => users ?? []),
    GroupDetailList: items.flatMap(({ groups }) => groups ?? []),
    RoleDetailList: items.flatMap(({ roles }) => roles ?? []),
    Policies: items.flatMap(({ policies }) => policies ?? []),
    ...pagingOf(found.length > limit ? { items, token: pages.tokenFor(items.at(-1)!.key) } : { items }),
  };
};

const readKey = (key: string | undefined): { kind: number; name: string } =>
  key === undefined ? { kind: 0, name: '' } : { kind: Number(key[0]), name: key.slice(2) };

async function listed(
  iam: Iam,
  scope: Scope,
  kind: (typeof KINDS)[number],
  range: { after?: string; limit: number },
): Promise<Listed[]> {
  const read = async <T extends { name: string }>(
    records: Records<T>,
    view: (record: T) => Omit<Listed, 'key'>,
  ) => {
    const details: Listed[] = [];
    for (const record of records.list(scope, range)) {
      await turnEnd();
      details.push({ key: keyOf(record.name), ...view(record) });
    }
    return details;
  };
  const common = (principal: PrincipalRecord) => attachedTo(iam, scope, principal);
  switch (kind) {
    case 'User':
      return read(iam.records.users, (user) => ({
        users: {
          ...{ ...viewUser(scope, user), ...common(user), Tags: listTags(user.tags) },
          ...{ GroupList: user.groups, UserPolicyList: inlineOf(user) },
        },
      }));
    case 'Group':
      return read(iam.records.groups, (group) => ({
        groups: {
          ...{ Path: group.path, GroupName: group.name, GroupId: group.id, ...common(group) },
          ...{ Arn: arnOf(scope, 'group', group), CreateDate: new Date(group.createdAt) },
          GroupPolicyList: inlineOf(group),
        },
      }));
    case 'Role':
      return read(iam.records.roles, (role) => ({
        roles: {
          ...{ ...viewRole(scope, role), ...common(role), Tags: listTags(role.tags), RoleLastUsed: {} },
          RolePolicyList: inlineOf(role),
          InstanceProfileList: iam.records.instanceProfiles
            .by(scope, 'role', role.name)
            .map((profile) => viewInstanceProfile(iam, scope, profile)),
        },
      }));
    case 'LocalManagedPolicy':
      return read(iam.records.policies, (policy) => ({
        policies: policyDetail(iam, scope, arnOf(scope, 'policy', policy), policy),
      }));
    case 'AWSManagedPolicy':
      // AWS: only policies that are attached to a principal.
      return COMMON_AWS_POLICIES.filter(
        (arn) => arn > (range.after ?? '') && usageOf(iam, scope, arn).attachments > 0,
      )
        .slice(0, range.limit)
        .map((arn) => ({ key: arn, policies: policyDetail(iam, scope, arn, awsPolicyOf(arn)!) }));
  }
}

const attachedTo = (iam: Iam, scope: Scope, { attached }: PrincipalRecord) => ({
  AttachedManagedPolicies: attached.map((PolicyArn) => ({
    PolicyName: findPolicy(iam, scope, PolicyArn)?.name,
    PolicyArn,
  })),
});

const inlineOf = ({ inline }: PrincipalRecord): PolicyDetail[] =>
  Object.entries(inline).map(([PolicyName, text]) => ({ PolicyName, PolicyDocument: encodeDocument(text) }));

const policyDetail = (iam: Iam, scope: Scope, arn: string, policy: PolicyRecord): ManagedPolicyDetail => ({
  ...viewPolicy(iam, scope, arn, policy),
  PolicyVersionList: policy.versions.map((version) => viewVersion(policy, version)),
});
