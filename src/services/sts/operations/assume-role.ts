// AssumeRole: credentials of the role's account. Nothing checks that the role exists or that it trusts the caller,
// since Millpond enforces no policies.

import { parseArn } from '../../../aws/arn.ts';
import { derivedToken } from '../../../kernel/ids.ts';
import { invalidRoleArn, malformedPolicy } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { newCredentials, transitiveTagsIn } from '../session.ts';
import { packedSize, transitiveTags } from '../session-tags.ts';

const DEFAULT_SECONDS = 3600;
const ID_LENGTH = 17;

/** Throws ValidationError for an ARN that is not a role's, MalformedPolicyDocument, and the faults of session tags. */
export const AssumeRole: Operation<'AssumeRole'> = (sts, input, context) => {
  const { RoleArn, RoleSessionName: session, DurationSeconds: seconds = DEFAULT_SECONDS } = input;
  const arn = parseArn(RoleArn);
  const name = arn && /^role\/(?:[\x21-\x7e]{1,510}\/)?([\w+=,.@-]{1,64})$/.exec(arn.resource)?.[1];
  if (name === undefined || arn?.service !== 'iam' || !/^\d{12}$/.test(arn.accountId)) {
    throw invalidRoleArn(RoleArn);
  }
  if (input.Policy !== undefined) checkPolicy(input.Policy);
  const transitive = transitiveTags(transitiveTagsIn(context.sessionToken), input);
  const { Policy, PolicyArns, Tags } = input;
  const PackedPolicySize = packedSize({
    ...(Policy !== undefined && { Policy }),
    ...(PolicyArns?.length && { PolicyArns }),
    ...(Tags?.length && { Tags }),
  });
  // AWS: the role's id in IAM. Here it is derived from the ARN: it has the same length, and is stable for a role.
  const roleId = `AROA${derivedToken(ID_LENGTH, RoleArn).toUpperCase()}`;
  const identity = {
    userId: `${roleId}:${session}`,
    // AWS: the session's ARN does not have the role's path.
    arn: `arn:${arn.partition}:sts::${arn.accountId}:assumed-role/${name}/${session}`,
  };
  return {
    Credentials: newCredentials(arn.accountId, sts.clock.now() + seconds * 1_000, identity, transitive),
    AssumedRoleUser: { AssumedRoleId: identity.userId, Arn: identity.arn },
    ...(PackedPolicySize !== undefined && { PackedPolicySize }),
    ...(input.SourceIdentity !== undefined && { SourceIdentity: input.SourceIdentity }),
  };
};

/** Throws MalformedPolicyDocument if the text is not a JSON object. Nothing evaluates the policy. */
function checkPolicy(text: string): void {
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return;
  } catch {
    // Refused below.
  }
  throw malformedPolicy();
}
