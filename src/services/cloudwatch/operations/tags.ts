// Tags of alarms and dashboards: list, add, remove.

import { parseArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { describeViolation, listTags, type Tags, taggingBy } from '../../../aws/tags.ts';
import { Fault } from '../../../wire/fault.ts';
import type { CloudWatch } from '../context.ts';
import { invalid, invalidValue } from '../faults.ts';
import type { Operation } from '../sdk.ts';

/** AWS: 50 tags. */
export const tagging = taggingBy({
  most: 50,
  fault: (violation) => invalidValue(describeViolation(violation)),
});

export const ListTagsForResource: Operation<'ListTagsForResource'> = (cloudwatch, input, context) => ({
  Tags: listTags(held(cloudwatch, context, input.ResourceARN).tags),
});

/** Throws ResourceNotFoundException, and InvalidParameterValue for another kind of resource and invalid tags. */
export const TagResource: Operation<'TagResource'> = (cloudwatch, input, context) => {
  change(cloudwatch, context, input.ResourceARN, (tags) => tagging.add(tags, input.Tags, context));
  return {};
};

export const UntagResource: Operation<'UntagResource'> = (cloudwatch, input, context) => {
  change(cloudwatch, context, input.ResourceARN, (tags) => tagging.remove(tags, input.TagKeys, context));
  return {};
};

function change(
  cloudwatch: CloudWatch,
  scope: Scope,
  arn: string,
  changed: (tags: Tags) => Record<string, string>,
): void {
  cloudwatch.transaction(() => {
    const { tags, put } = held(cloudwatch, scope, arn);
    put(changed(tags));
  });
}

function held({ alarms, dashboards }: CloudWatch, scope: Scope, arn: string) {
  const { service, region, accountId, resource = '' } = parseArn(arn) ?? {};
  if (service !== 'cloudwatch') throw invalid(arn, 'ResourceARN');
  const missing = () =>
    new Fault('ResourceNotFoundException', `There is no resource ${arn.slice(0, 300)}.`, {
      members: { ResourceType: 'Amazon Resource Name', ResourceId: arn.slice(0, 300) },
    });
  if (accountId !== scope.accountId) throw missing();
  if (resource.startsWith('dashboard/')) {
    const record = dashboards.find(scope, resource.slice('dashboard/'.length));
    if (!record) throw missing();
    const put = (tags: Record<string, string>) => dashboards.put(scope, { ...record, tags });
    return { tags: record.tags, put };
  }
  if (!resource.startsWith('alarm:')) throw invalid(arn, 'ResourceARN');
  const record = region === scope.region ? alarms.find(scope, resource.slice('alarm:'.length)) : undefined;
  if (!record) throw missing();
  return {
    tags: record.tags,
    put: (tags: Record<string, string>) => alarms.put(scope, { ...record, tags }),
  };
}
