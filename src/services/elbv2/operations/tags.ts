// Tags of load balancers, target groups, listeners and rules.

import type { Records as RecordsOf } from '../../../aws/records.ts';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { LoadBalancing } from '../context.ts';
import { type Noun, nounOf } from '../domain/names.ts';
import {
  balancersNotFound,
  listenersNotFound,
  rulesNotFound,
  targetGroupsNotFound,
  validation,
} from '../faults.ts';
import { named } from '../named-things.ts';
import type { Records } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';

interface Tagged {
  tags: Record<string, string>;
}

const COLLECTIONS: Record<Noun, keyof Records> = {
  balancer: 'balancers',
  targetGroup: 'targetGroups',
  listener: 'listeners',
  rule: 'rules',
};

const NOT_FOUND: Record<Noun, (arn: string) => Error> = {
  balancer: (arn) => balancersNotFound([arn]),
  targetGroup: targetGroupsNotFound,
  listener: listenersNotFound,
  rule: rulesNotFound,
};

/** AWS: the most resources of one request. */
const MOST_ARNS = 20;

/** What the ARNs name. Throws ValidationError, and the error of the noun for what does not exist. */
function taggedWith({ records }: LoadBalancing, scope: Scope, arns: readonly string[]) {
  if (arns.length === 0) throw validation('At least one resource ARN must be specified');
  return [...new Set(named(arns, 'resource ARNs', MOST_ARNS))].map((arn) => {
    const named = nounOf(arn);
    if (!named) throw validation(`'${arn}' is not a valid load balancer, target group, listener or rule ARN`);
    const collection = records[COLLECTIONS[named.noun]] as unknown as RecordsOf<Tagged>;
    const isHere = named.accountId === scope.accountId && named.region === scope.region;
    const record = isHere ? collection.find(scope, named.id) : undefined;
    if (!record) throw NOT_FOUND[named.noun](arn);
    return { arn, record, collection };
  });
}

function change(
  elb: LoadBalancing,
  scope: Scope,
  arns: readonly string[],
  to: (tags: Tagged['tags']) => Tagged['tags'],
): void {
  elb.store.transaction(() => {
    for (const { record, collection } of taggedWith(elb, scope, arns)) {
      collection.put(scope, { ...record, tags: to(record.tags) });
    }
  });
}

/** Throws DuplicateTagKeys, TooManyTags, ValidationError, and the error of what does not exist. */
export const AddTags: Operation<'AddTags'> = (elb, input, context) => {
  change(elb, context, input.ResourceArns, (tags) => tagging.add(tags, input.Tags, context));
  return {};
};

/** Keys that a resource does not have are ignored. */
export const RemoveTags: Operation<'RemoveTags'> = (elb, input, context) => {
  change(elb, context, input.ResourceArns, (tags) => tagging.remove(tags, input.TagKeys, context));
  return {};
};

export const DescribeTags: Operation<'DescribeTags'> = (elb, input, context) => ({
  TagDescriptions: taggedWith(elb, context, input.ResourceArns).map(({ arn, record }) => ({
    ResourceArn: arn,
    Tags: listTags(record.tags),
  })),
});
