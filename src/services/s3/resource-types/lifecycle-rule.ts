// Converts a lifecycle rule from a template's spelling to S3's. Pure.

import { objectsOf } from '../../../control/resource-properties.ts';
import type { Properties, Value } from '../../../control/resource-type.ts';

/** The object without `undefined` members. */
function members(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const dateOf = (value: Value | undefined): Date | undefined =>
  value === undefined ? undefined : new Date(String(value));

/** A rule of AWS::S3::Bucket as PutBucketLifecycleConfiguration takes it. */
export function lifecycleRule(rule: Properties): object {
  const expiration = members({
    Days: rule.ExpirationInDays,
    Date: dateOf(rule.ExpirationDate),
    ExpiredObjectDeleteMarker: rule.ExpiredObjectDeleteMarker,
  });
  const noncurrent =
    rule.NoncurrentVersionExpiration ??
    (rule.NoncurrentVersionExpirationInDays !== undefined
      ? { NoncurrentDays: rule.NoncurrentVersionExpirationInDays }
      : undefined);
  return members({
    ID: rule.Id,
    Status: rule.Status,
    Filter: filterOf(rule),
    Expiration: Object.keys(expiration).length > 0 ? expiration : undefined,
    NoncurrentVersionExpiration: noncurrent,
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
    // AWS: the singular property is an older form of a list with one item.
    Transitions: listed([...objectsOf(rule, 'Transitions'), ...objectsOf(rule, 'Transition')], (one) => ({
      Days: one.TransitionInDays,
      Date: dateOf(one.TransitionDate),
      StorageClass: one.StorageClass,
    })),
    NoncurrentVersionTransitions: listed(
      [...objectsOf(rule, 'NoncurrentVersionTransitions'), ...objectsOf(rule, 'NoncurrentVersionTransition')],
      (one) => ({
        NoncurrentDays: one.TransitionInDays,
        NewerNoncurrentVersions: one.NewerNoncurrentVersions,
        StorageClass: one.StorageClass,
      }),
    ),
  });
}

function listed(
  items: readonly Properties[],
  render: (item: Properties) => Record<string, unknown>,
): object[] | undefined {
  return items.length > 0 ? items.map((item) => members(render(item))) : undefined;
}

/** AWS: several conditions are members of And. */
function filterOf(rule: Properties): object {
  const tags = objectsOf(rule, 'TagFilters');
  const plain = members({
    Prefix: rule.Prefix,
    ObjectSizeGreaterThan: rule.ObjectSizeGreaterThan,
    ObjectSizeLessThan: rule.ObjectSizeLessThan,
  });
  const count = tags.length + Object.keys(plain).length;
  if (count > 1) return { And: { ...plain, ...(tags.length > 0 && { Tags: tags }) } };
  if (tags.length === 1) return { Tag: tags[0] };
  return count === 1 ? plain : { Prefix: '' };
}
