// The credentials of an instance's role, which its metadata show: a session of STS, renewed before it ends.

import type { Scope } from '../../../aws/scope.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Client } from '../../../wire/client.ts';

/** The services that the credentials come from. */
export interface RoleCallees {
  iam: Client<typeof import('@aws-sdk/client-iam')>;
  sts: Client<typeof import('@aws-sdk/client-sts')>;
}

/** Credentials as the metadata show them; times in milliseconds since the epoch. */
export interface RoleSession {
  accessKeyId: string;
  secretAccessKey: string;
  token: string;
  updatedAt: number;
  endsAt: number;
}

/** Finds roles and their credentials. */
export interface RoleCredentials {
  /** The name of the role of a profile; `undefined` where IAM has no such profile, or it has no role. */
  roleOf(scope: Scope, profile: string): Promise<string | undefined>;
  /** The credentials of the profile's role for an instance. */
  sessionOf(scope: Scope, profile: string, instanceId: string): Promise<RoleSession | undefined>;
}

/** AWS: new credentials are there at least five minutes before the old ones end. */
const RENEWED_BEFORE_MS = 10 * 60_000;
/** More than instances run here. */
const MOST_KEPT = 1_000;

/** Asks for nothing yet. */
export function roleCredentials({ iam, sts }: RoleCallees, clock: Clock): RoleCredentials {
  const held = new Map<string, RoleSession>();

  async function arnOf(scope: Scope, profile: string): Promise<string | undefined> {
    try {
      const found = await iam.call('GetInstanceProfile', { InstanceProfileName: profile }, scope);
      return found.InstanceProfile?.Roles?.[0]?.Arn;
    } catch (error) {
      if (error instanceof Error && /^NoSuchEntity/.test(error.name)) return undefined;
      throw error;
    }
  }

  return {
    roleOf: async (scope, profile) => (await arnOf(scope, profile))?.split('/').at(-1),
    async sessionOf(scope, profile, instanceId) {
      const RoleArn = await arnOf(scope, profile);
      if (RoleArn === undefined) return undefined;
      const key = `${instanceId} ${RoleArn}`;
      const known = held.get(key);
      if (known && known.endsAt - RENEWED_BEFORE_MS > clock.now()) return known;
      const input = { RoleArn, RoleSessionName: instanceId };
      const { Credentials } = await sts.call('AssumeRole', input, scope);
      const session: RoleSession = {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        token: Credentials!.SessionToken!,
        updatedAt: clock.now(),
        endsAt: Credentials!.Expiration!.getTime(),
      };
      if (held.size >= MOST_KEPT) held.clear();
      held.set(key, session);
      return session;
    },
  };
}
