// Launch templates: create, modify, delete, describe. Their data is stored and returned as given; RunInstances checks
// it.

import type { LaunchTemplate } from '@aws-sdk/client-ec2';
import { listTags } from '../../../aws/tags.ts';
import { Fault } from '../../../wire/fault.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import { templateNamed, versionNamed } from '../launch-templates.ts';
import { LIMITS } from '../limits.ts';
import type { LaunchTemplateRecord } from '../model.ts';
import { limitExceeded } from '../network-faults.ts';
import { LAUNCH_TEMPLATE, newId } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { newVersion } from './launch-template-versions.ts';

/** Creates the template with version 1. Throws InvalidLaunchTemplateName.AlreadyExistsException. */
export const CreateLaunchTemplate: Operation<'CreateLaunchTemplate'> = (ec2, input, context) => {
  const name = checkName(input.LaunchTemplateName);
  return ec2.store.transaction(() => {
    const { launchTemplates } = ec2.records;
    if (launchTemplates.countBy(context, 'name', name) > 0) throw nameInUse();
    if (launchTemplates.count(context) >= LIMITS.launchTemplates)
      throw limitExceeded('LaunchTemplateLimitExceeded', 'launch templates');
    const template: LaunchTemplateRecord = {
      launchTemplateId: newId(LAUNCH_TEMPLATE),
      name,
      createdAt: ec2.clock.now(),
      defaultVersion: 1,
      latestVersion: 0,
    };
    newVersion(ec2, context, template, input);
    const id = template.launchTemplateId;
    tagAtCreation(ec2, context, LAUNCH_TEMPLATE, id, input.TagSpecifications);
    return { LaunchTemplate: view(ec2, context, launchTemplates.existing(context, id)) };
  });
};

/** Sets the default version. */
export const ModifyLaunchTemplate: Operation<'ModifyLaunchTemplate'> = (ec2, input, context) =>
  ec2.store.transaction(() => {
    let template = templateNamed(ec2, context, input);
    if (input.DefaultVersion !== undefined) {
      const { number } = versionNamed(ec2, context, template, input.DefaultVersion);
      template = { ...template, defaultVersion: number };
      ec2.records.launchTemplates.put(context, template);
    }
    return { LaunchTemplate: view(ec2, context, template) };
  });

/** Deletes the template with all its versions. */
export const DeleteLaunchTemplate: Operation<'DeleteLaunchTemplate'> = (ec2, input, context) =>
  ec2.store.transaction(() => {
    const template = templateNamed(ec2, context, input);
    const shown = view(ec2, context, template);
    const id = template.launchTemplateId;
    // In batches, since there may be many versions and they may be large.
    for (;;) {
      const versions = ec2.records.launchTemplateVersions.by(context, 'template', id, { limit: 50 });
      for (const one of versions)
        ec2.records.launchTemplateVersions.remove(context, ec2.records.launchTemplateVersions.idOf(one));
      if (versions.length === 0) break;
    }
    ec2.records.launchTemplates.remove(context, id);
    return { LaunchTemplate: shown };
  });

export const DescribeLaunchTemplates: Operation<'DescribeLaunchTemplates'> = async (ec2, input, context) => {
  const named = (input.LaunchTemplateNames ?? []).map(
    (LaunchTemplateName) => templateNamed(ec2, context, { LaunchTemplateName }).launchTemplateId,
  );
  const { items, nextToken } = await select(
    recordsOf(ec2.records.launchTemplates, context),
    DESCRIBABLE,
    selectionOf(input, [...(input.LaunchTemplateIds ?? []), ...named]),
    tagReader(ec2, context),
  );
  return {
    LaunchTemplates: items.map((template) => view(ec2, context, template)),
    NextToken: nextToken,
  };
};

function view(ec2: Ec2, context: RequestContext, template: LaunchTemplateRecord): LaunchTemplate {
  const { launchTemplateId, name, createdAt, defaultVersion, latestVersion } = template;
  return {
    LaunchTemplateId: launchTemplateId,
    LaunchTemplateName: name,
    CreateTime: new Date(createdAt),
    CreatedBy: `arn:aws:iam::${context.accountId}:root`,
    DefaultVersionNumber: defaultVersion,
    LatestVersionNumber: latestVersion,
    Tags: listTags(tagReader(ec2, context)(launchTemplateId)),
  };
}

function checkName(name: string): string {
  if (/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name)) return name;
  throw new Fault(
    'InvalidLaunchTemplateName.MalformedException',
    'A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.',
  );
}

const nameInUse = (): Fault =>
  new Fault('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.');

const DESCRIBABLE: Describable<LaunchTemplateRecord> = {
  kind: LAUNCH_TEMPLATE,
  idParameter: 'LaunchTemplateIds',
  idOf: (one) => one.launchTemplateId,
  filters: {
    'create-time': (one) => new Date(one.createdAt).toISOString(),
    'launch-template-name': (one) => one.name,
  },
  page: 200,
};
