// Checks an HTML form against its POST policy: the expiration and the conditions on the fields. Pure: the time is an
// argument. The texts are S3's, from its guide to POST policies and from public reports.

import { Fault } from '../../../wire/fault.ts';

interface Posted {
  /** By lower-case name, without the file. */
  fields: ReadonlyMap<string, string>;
  bucket: string;
  /** The size of the file. */
  bytes: number;
  now: number;
}

/** AWS: these fields need no condition. */
const FREE = new Set(['awsaccesskeyid', 'signature', 'policy', 'x-amz-signature', 'file']);

/** Throws a Fault when the policy (JSON in base64) is invalid or has expired, or when the form violates it. */
export function checkPostPolicy(base64: string, posted: Posted): void {
  const { expiration, conditions } = parsePolicy(base64);
  if (posted.now > expiration) throw denied('Policy expired.');
  const named = new Set(['bucket']);
  for (const condition of conditions) {
    for (const name of checkCondition(condition, posted)) named.add(name);
  }
  const extra = [...posted.fields.keys()].filter(
    (name) => !named.has(name) && !FREE.has(name) && !name.startsWith('x-ignore-'),
  );
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`);
}

function parsePolicy(base64: string): { expiration: number; conditions: unknown[] } {
  let policy: unknown;
  try {
    policy = JSON.parse(Buffer.from(base64, 'base64').toString());
  } catch {
    throw invalid('Invalid JSON.');
  }
  const { expiration, conditions } = (policy ?? {}) as Record<string, unknown>;
  if (typeof expiration !== 'string') throw invalid('Policy missing expiration.');
  if (!Array.isArray(conditions)) throw invalid('Policy missing conditions.');
  const time = Date.parse(expiration);
  if (Number.isNaN(time)) throw invalid(`Invalid 'expiration' value: '${expiration.slice(0, 100)}'`);
  return { expiration: time, conditions };
}

/** Returns the names of the condition's fields. */
function checkCondition(condition: unknown, posted: Posted): string[] {
  if (Array.isArray(condition)) {
    const [operator, first, second] = condition as unknown[];
    const kind = String(operator).toLowerCase();
    if (kind === 'content-length-range') {
      checkLength(Number(first), Number(second), posted.bytes);
      return [];
    }
    const isField = typeof first === 'string' && first.startsWith('$') && typeof second === 'string';
    if (!isField || (kind !== 'eq' && kind !== 'starts-with')) throw invalid('Invalid Simple-Condition.');
    const name = first.slice(1).toLowerCase();
    const value = fieldOf(name, posted);
    const holds = kind === 'eq' ? value === second : (value ?? '').startsWith(second);
    if (!holds) throw denied(`Policy Condition failed: ${JSON.stringify(condition)}`);
    return [name];
  }
  if (condition === null || typeof condition !== 'object') throw invalid('Invalid Condition.');
  return Object.entries(condition).map(([field, wanted]) => {
    const name = field.toLowerCase();
    if (fieldOf(name, posted) !== String(wanted)) {
      throw denied(`Policy Condition failed: ${JSON.stringify(['eq', `$${field}`, wanted])}`);
    }
    return name;
  });
}

const fieldOf = (name: string, { fields, bucket }: Posted): string | undefined =>
  name === 'bucket' ? bucket : fields.get(name);

function checkLength(least: number, most: number, bytes: number): void {
  if (!(least <= most)) throw invalid('Invalid content-length-range.');
  if (bytes > most) {
    throw new Fault('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      members: { ProposedSize: bytes, MaxSizeAllowed: most },
    });
  }
  if (bytes < least) {
    throw new Fault('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      members: { ProposedSize: bytes, MinSizeAllowed: least },
    });
  }
}

const invalid = (what: string): Fault => new Fault('InvalidPolicyDocument', `Invalid Policy: ${what}`);

const denied = (what: string): Fault =>
  new Fault('AccessDenied', `Invalid according to Policy: ${what}`, { status: 403 });
