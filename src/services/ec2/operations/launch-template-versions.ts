// Versions of launch templates: create, delete, describe.

import type { LaunchTemplateVersion, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import { Fault } from '../../../wire/fault.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import { type Listable, list, type Source } from '../describe.ts';
import { missingParameter } from '../faults.ts';
import { versionKey } from '../launch-template-keys.ts';
import { templateNamed, versionNamed } from '../launch-templates.ts';
import { LIMITS } from '../limits.ts';
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from '../model.ts';
import { limitExceeded } from '../network-faults.ts';
import type { Input, Operation } from '../sdk.ts';
import { checkUserData } from '../user-data.ts';

const LONGEST_DESCRIPTION = 255;

/**
 * Stores a new version and makes it the template's latest. Call it within a transaction. Throws the faults of invalid
 * data.
 */
export function newVersion(
  ec2: Ec2,
  context: RequestContext,
  template: LaunchTemplateRecord,
  asked: Pick<Input<'CreateLaunchTemplateVersion'>, 'LaunchTemplateData' | 'VersionDescription'>,
): LaunchTemplateVersionRecord {
  const { LaunchTemplateData: data, VersionDescription: description } = asked;
  if (description !== undefined && description.length > LONGEST_DESCRIPTION) {
    throw new Fault(
      'InvalidParameterValue',
      `A version's description may have at most ${LONGEST_DESCRIPTION} characters.`,
    );
  }
  checkUserData(data.UserData);
  const { launchTemplateId } = template;
  if (
    ec2.records.launchTemplateVersions.countBy(context, 'template', launchTemplateId) >=
    LIMITS.versionsPerTemplate
  ) {
    throw limitExceeded('LaunchTemplateVersionLimitExceeded', 'versions of a launch template');
  }
  const version: LaunchTemplateVersionRecord = {
    launchTemplateId,
    number: template.latestVersion + 1,
    ...(description && { description }),
    createdAt: ec2.clock.now(),
    data: data as Record<string, unknown>,
  };
  ec2.records.launchTemplateVersions.put(context, version);
  ec2.records.launchTemplates.put(context, { ...template, latestVersion: version.number });
  return version;
}

/** AWS: members that the request does not give are copied from the source version. */
export const CreateLaunchTemplateVersion: Operation<'CreateLaunchTemplateVersion'> = (ec2, input, context) =>
  ec2.store.transaction(() => {
    const template = templateNamed(ec2, context, input);
    const source =
      input.SourceVersion === undefined ? {} : versionNamed(ec2, context, template, input.SourceVersion).data;
    const version = newVersion(ec2, context, template, {
      VersionDescription: input.VersionDescription,
      LaunchTemplateData: { ...source, ...input.LaunchTemplateData },
    });
    return { LaunchTemplateVersion: view(context, template, version) };
  });

/** AWS: reports an error for each version and does not fail. */
export const DeleteLaunchTemplateVersions: Operation<'DeleteLaunchTemplateVersions'> = (
  ec2,
  input,
  context,
) => {
  if (input.Versions.length > MOST_AT_ONCE) {
    throw new Fault('InvalidParameterValue', `A request may name at most ${MOST_AT_ONCE} versions.`);
  }
  return ec2.store.transaction(() => {
    const template = templateNamed(ec2, context, input);
    const { launchTemplateId: LaunchTemplateId, name: LaunchTemplateName, defaultVersion } = template;
    const named = { LaunchTemplateId, LaunchTemplateName };
    const gone: object[] = [];
    const kept = [...new Set(input.Versions)].flatMap((asked) => {
      const VersionNumber = Number(asked);
      const key = versionKey(LaunchTemplateId, VersionNumber);
      const isThere = ec2.records.launchTemplateVersions.find(context, key) !== undefined;
      const refused = (Code: 'launchTemplateVersionDoesNotExist' | 'unexpectedError', Message: string) => [
        { ...named, VersionNumber, ResponseError: { Code, Message } },
      ];
      if (!isThere) return refused('launchTemplateVersionDoesNotExist', `Version ${asked} does not exist.`);
      if (VersionNumber === defaultVersion)
        return refused('unexpectedError', 'Cannot delete default launch template version.');
      ec2.records.launchTemplateVersions.remove(context, key);
      gone.push({ ...named, VersionNumber });
      return [];
    });
    return {
      SuccessfullyDeletedLaunchTemplateVersions: gone,
      UnsuccessfullyDeletedLaunchTemplateVersions: kept,
    };
  });
};

/** With a template, its versions; without one, `$Latest` or `$Default` of all templates. */
export const DescribeLaunchTemplateVersions: Operation<'DescribeLaunchTemplateVersions'> = async (
  ec2,
  input,
  context,
) => {
  const template =
    input.LaunchTemplateId || input.LaunchTemplateName ? templateNamed(ec2, context, input) : undefined;
  const source = template
    ? versionsOf(ec2, context, template, input)
    : versionsOfAll(ec2, context, input.Versions ?? []);
  const templateOf = ({ launchTemplateId }: LaunchTemplateVersionRecord) =>
    template ?? ec2.records.launchTemplates.existing(context, launchTemplateId);
  const { MinVersion: least = '0', MaxVersion: most = String(Number.MAX_SAFE_INTEGER) } = input;
  const listable: Listable<LaunchTemplateVersionRecord> = {
    list: 'launch template versions',
    idOf: (one) => versionKey(one.launchTemplateId, one.number),
    filters: {
      'create-time': (one) => new Date(one.createdAt).toISOString(),
      'image-id': (one) => textIn(one, 'ImageId'),
      'instance-type': (one) => textIn(one, 'InstanceType'),
      'is-default-version': (one) => String(templateOf(one).defaultVersion === one.number),
      'kernel-id': (one) => textIn(one, 'KernelId'),
      'ram-disk-id': (one) => textIn(one, 'RamDiskId'),
    },
    page: 200,
  };
  const { items, nextToken } = await list(
    within(source, Number(least), Number(most)),
    listable,
    { filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken },
    () => ({}),
  );
  return {
    LaunchTemplateVersions: items.map((one) => view(context, templateOf(one), one)),
    NextToken: nextToken,
  };
};

const MOST_AT_ONCE = 200;

type Versions = Source<LaunchTemplateVersionRecord>;

/** The versions that the request names, or all versions of the template. */
function versionsOf(
  ec2: Ec2,
  context: RequestContext,
  template: LaunchTemplateRecord,
  { Versions: asked = [] }: Input<'DescribeLaunchTemplateVersions'>,
): Versions {
  const { launchTemplateVersions } = ec2.records;
  if (asked.length > MOST_AT_ONCE)
    throw new Fault('InvalidParameterValue', `A request may name at most ${MOST_AT_ONCE} versions.`);
  const chosen = asked.map((one) => versionNamed(ec2, context, template, one));
  const byNumber = new Map(chosen.map((one) => [one.number, one]));
  return {
    find: (id) => launchTemplateVersions.find(context, id),
    async *batches(after) {
      if (asked.length > 0) {
        yield [...byNumber.values()].sort((one, other) => one.number - other.number);
        return;
      }
      const prefix = `${template.launchTemplateId} `;
      for await (const entries of launchTemplateVersions.batches(context, { prefix, from: after, limit: 50 }))
        yield entries.map(({ value }) => value);
    },
  };
}

/** AWS: without a template, the latest or default versions of all templates. */
function versionsOfAll(ec2: Ec2, context: RequestContext, asked: readonly string[]): Versions {
  const kinds = new Set(asked);
  if (kinds.size === 0) throw missingParameter('LaunchTemplateId');
  if ([...kinds].some((one) => one !== '$Latest' && one !== '$Default')) {
    throw new Fault(
      'InvalidParameterCombination',
      'Without a launch template, only $Latest and $Default are valid versions.',
    );
  }
  return {
    find: (id) => ec2.records.launchTemplateVersions.find(context, id),
    async *batches(after) {
      const from = after?.split(' ')[0];
      for await (const entries of ec2.records.launchTemplates.batches(context, { from, limit: 50 })) {
        yield entries.flatMap(({ value: template }) => {
          const found = [...kinds].map((one) => versionNamed(ec2, context, template, one));
          return [...new Map(found.map((one) => [one.number, one])).values()].sort(
            (one, other) => one.number - other.number,
          );
        });
      }
    },
  };
}

const within = (source: Versions, least: number, most: number): Versions => ({
  find: source.find,
  async *batches(after) {
    for await (const batch of source.batches(after))
      yield batch.filter(({ number }) => number >= least && number <= most);
  },
});

const textIn = ({ data }: LaunchTemplateVersionRecord, member: string): string | undefined =>
  typeof data[member] === 'string' ? data[member] : undefined;

const view = (
  context: RequestContext,
  template: LaunchTemplateRecord,
  version: LaunchTemplateVersionRecord,
): LaunchTemplateVersion => ({
  LaunchTemplateId: template.launchTemplateId,
  LaunchTemplateName: template.name,
  VersionNumber: version.number,
  VersionDescription: version.description,
  CreateTime: new Date(version.createdAt),
  CreatedBy: `arn:aws:iam::${context.accountId}:root`,
  DefaultVersion: version.number === template.defaultVersion,
  // AWS: the response has the members of the request, with the same names.
  LaunchTemplateData: version.data as ResponseLaunchTemplateData,
});
