// Launch templates: finding the template and version that a request names, and merging it into the input of
// RunInstances.

import type { Scope } from '../../aws/scope.ts';
import { Fault } from '../../wire/fault.ts';
import type { Ec2 } from './context.ts';
import { missingParameter } from './faults.ts';
import { versionKey } from './launch-template-keys.ts';
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from './model.ts';
import { LAUNCH_TEMPLATE } from './resource-kinds.ts';
import { checkForm } from './resources.ts';
import type { Input } from './sdk.ts';

type RunInstances = Input<'RunInstances'>;

/** How a request names a template: by exactly one of the two. */
export interface TemplateNamed {
  LaunchTemplateId?: string | undefined;
  LaunchTemplateName?: string | undefined;
}

/** Throws MissingParameter, InvalidParameterCombination for both names, or NotFound. */
export function templateNamed(ec2: Ec2, scope: Scope, named: TemplateNamed): LaunchTemplateRecord {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = named;
  if (id && name) {
    throw new Fault(
      'InvalidParameterCombination',
      'A launch template is named by its ID or by its name, and not by both.',
    );
  }
  if (id) {
    checkForm(LAUNCH_TEMPLATE, id);
    const found = ec2.records.launchTemplates.find(scope, id);
    if (!found) throw noSuchTemplate('InvalidLaunchTemplateId.NotFound', `template ID ${id}`);
    return found;
  }
  if (!name) throw missingParameter('LaunchTemplateId');
  const [found] = ec2.records.launchTemplates.by(scope, 'name', name);
  if (!found) throw noSuchTemplate('InvalidLaunchTemplateName.NotFoundException', `template name ${name}`);
  return found;
}

/** `version`: `$Latest`, `$Default` or a number. Throws InvalidLaunchTemplateId.VersionNotFound. */
export function versionNamed(
  ec2: Ec2,
  scope: Scope,
  template: LaunchTemplateRecord,
  version: string,
): LaunchTemplateVersionRecord {
  const { launchTemplateId, defaultVersion, latestVersion } = template;
  const number = { $Latest: latestVersion, $Default: defaultVersion }[version] ?? Number(version);
  const found =
    Number.isSafeInteger(number) && number > 0
      ? ec2.records.launchTemplateVersions.find(scope, versionKey(launchTemplateId, number))
      : undefined;
  if (!found) throw noSuchVersion(launchTemplateId, version);
  return found;
}

/** The input of RunInstances with the template's data. */
export interface Launch {
  input: RunInstances;
  /** AWS: instances of a template have tags with its id and version, which tools use to find them. */
  tags: Record<string, string>;
}

/** Merges the template's data into the input; the input wins. Throws UnsupportedOperation for instance requirements. */
export function launchAsked(ec2: Ec2, scope: Scope, input: RunInstances): Launch {
  const named = input.LaunchTemplate;
  if (!named) return { input, tags: {} };
  const template = templateNamed(ec2, scope, named);
  const { number, data } = versionNamed(ec2, scope, template, named.Version ?? '$Default');
  const {
    InstanceRequirements: requirements,
    RamDiskId: RamdiskId,
    ElasticGpuSpecifications: ElasticGpuSpecification,
    ...rest
  } = data;
  if (requirements !== undefined && !input.InstanceType) {
    throw new Fault(
      'UnsupportedOperation',
      'Millpond does not support launch templates that name instance types by requirements.',
    );
  }
  const held = { ...rest, RamdiskId, ElasticGpuSpecification } as Partial<RunInstances>;
  return {
    input: {
      ...held,
      ...withoutAbsent(input),
      TagSpecifications: [...tagsOfTemplate(held, input), ...(input.TagSpecifications ?? [])],
    },
    tags: {
      'aws:ec2launchtemplate:id': template.launchTemplateId,
      'aws:ec2launchtemplate:version': String(number),
    },
  };
}

/** The template's tags without the keys that the request gives for the same type of resource. */
function tagsOfTemplate(held: Partial<RunInstances>, input: RunInstances) {
  return (held.TagSpecifications ?? []).map(({ ResourceType, Tags = [] }) => {
    const given = (input.TagSpecifications ?? [])
      .filter((one) => one.ResourceType === ResourceType)
      .flatMap((one) => one.Tags ?? []);
    return { ResourceType, Tags: Tags.filter(({ Key }) => !given.some((tag) => tag.Key === Key)) };
  });
}

const withoutAbsent = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

// As in public reports: https://github.com/getmoto/moto/pull/5477.
const noSuchTemplate = (code: string, which: string): Fault =>
  new Fault(code, `The specified launch template, with ${which}, does not exist.`);

const noSuchVersion = (id: string, version: string): Fault =>
  new Fault(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${version.slice(0, 32)} for the launch template with ID ${id}.`,
  );
