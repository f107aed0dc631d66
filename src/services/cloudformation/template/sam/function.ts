// Translates AWS::Serverless::Function into the function, its role, URL, version, alias and event resources.

import { createHash } from 'node:crypto';
import { member, type NodeSource, nodeOf, plainOf, type TemplateNode, textOf } from '../node.ts';
import { codeLocation } from './code-location.ts';
import { translateEvents } from './events.ts';
import { functionRole } from './function-role.ts';
import {
  attribute,
  beside,
  invalid,
  property,
  ref,
  refuseOthers,
  type SamContext,
  type SamSource,
  type Translation,
  tagList,
  translated,
} from './source.ts';

/** The properties that Lambda's type has with the same meaning. */
const SAME = [
  'Architectures',
  'CodeSigningConfigArn',
  'Description',
  'Environment',
  'EphemeralStorage',
  'FileSystemConfigs',
  'FunctionName',
  'Handler',
  'ImageConfig',
  'KmsKeyArn',
  'Layers',
  'LoggingConfig',
  'MemorySize',
  'PackageType',
  'RecursiveLoop',
  'ReservedConcurrentExecutions',
  'Runtime',
  'RuntimeManagementConfig',
  'SnapStart',
  'Timeout',
  'VpcConfig',
];

const TRANSLATED = [
  'AssumeRolePolicyDocument',
  'AutoPublishAlias',
  'AutoPublishAliasAllProperties',
  'AutoPublishCodeSha256',
  'CodeUri',
  'DeadLetterQueue',
  'Events',
  'FunctionUrlConfig',
  'ImageUri',
  'InlineCode',
  'PermissionsBoundary',
  'Policies',
  'PropagateTags',
  'ProvisionedConcurrencyConfig',
  'Role',
  'RolePath',
  'Tags',
  'Tracing',
  'VersionDescription',
];

/** Throws a TemplateError for a missing or unknown property. */
export function translateFunction(source: SamSource, context: SamContext): Translation {
  refuseOthers(source, [...SAME, ...TRANSLATED]);
  const { logicalId } = source;
  const code = codeOf(source);
  const isImage = textOf(property(source, 'PackageType')) === 'Image';
  for (const name of isImage ? [] : ['Handler', 'Runtime']) {
    if (!property(source, name)) invalid(source, `Missing required property '${name}'.`);
  }
  const role = property(source, 'Role');
  const tracing = textOf(property(source, 'Tracing'));
  const deadLetters = property(source, 'DeadLetterQueue');
  const resources: Translation = new Map();
  resources.set(
    logicalId,
    translated(source, 'AWS::Lambda::Function', {
      Code: code,
      ...Object.fromEntries(SAME.map((name) => [name, property(source, name)])),
      Role: role ?? attribute(`${logicalId}Role`, 'Arn'),
      Tags: tagList(source),
      TracingConfig: tracing === undefined || tracing === 'Disabled' ? undefined : { Mode: tracing },
      DeadLetterConfig: deadLetters && { TargetArn: member(deadLetters, 'TargetArn') },
    }),
  );
  if (!role) resources.set(`${logicalId}Role`, functionRole(source, context));
  const alias = addAlias(source, code, context, resources);
  addUrl(source, alias, resources);
  for (const [id, resource] of translateEvents(source, alias)) resources.set(id, resource);
  return resources;
}

function codeOf(source: SamSource): NodeSource {
  const inline = property(source, 'InlineCode');
  if (inline) return { ZipFile: inline };
  const image = property(source, 'ImageUri');
  if (image) return { ImageUri: image };
  const uri = property(source, 'CodeUri');
  if (!uri) return invalid(source, "Missing required property 'CodeUri'.");
  return codeLocation(uri);
}

/**
 * Adds a version, whose id changes with the code, and the alias. Returns the alias's logical id, which the URL and the
 * events invoke instead of the function.
 */
function addAlias(
  source: SamSource,
  code: NodeSource,
  context: SamContext,
  resources: Translation,
): string | undefined {
  const node = property(source, 'AutoPublishAlias');
  if (!node) return undefined;
  const name = context.textOfReference(node);
  if (name === undefined)
    return invalid(
      source,
      "'AutoPublishAlias' must be a string or a Ref to a template parameter",
      node.place,
    );
  const { logicalId } = source;
  const sha = textOf(property(source, 'AutoPublishCodeSha256'));
  const versionId = `${logicalId}Version${sha?.slice(0, 10) ?? hashOf(nodeOf(code, source.place))}`;
  const aliasId = `${logicalId}Alias${name.replaceAll(/[^A-Za-z0-9]/g, '')}`;
  const version = { FunctionName: ref(logicalId), Description: property(source, 'VersionDescription') };
  resources.set(versionId, beside(source, 'AWS::Lambda::Version', version, { DeletionPolicy: 'Retain' }));
  resources.set(
    aliasId,
    beside(source, 'AWS::Lambda::Alias', {
      FunctionName: ref(logicalId),
      FunctionVersion: attribute(versionId, 'Version'),
      Name: name,
      ProvisionedConcurrencyConfig: property(source, 'ProvisionedConcurrencyConfig'),
    }),
  );
  return aliasId;
}

/** Ten hexadecimal digits that depend on the node's content. */
export const hashOf = (node: TemplateNode): string =>
  createHash('sha256')
    .update(JSON.stringify(plainOf(node)))
    .digest('hex')
    .slice(0, 10);

function addUrl(source: SamSource, alias: string | undefined, resources: Translation): void {
  const url = property(source, 'FunctionUrlConfig');
  if (!url) return;
  const authType = member(url, 'AuthType');
  if (!authType)
    invalid(
      source,
      'AuthType is required to configure function property `FunctionUrlConfig`. Please provide either AWS_IAM or NONE.',
      url.place,
    );
  const target = ref(alias ?? source.logicalId);
  resources.set(
    `${source.logicalId}Url`,
    beside(source, 'AWS::Lambda::Url', {
      TargetFunctionArn: target,
      AuthType: authType,
      Cors: member(url, 'Cors'),
      InvokeMode: member(url, 'InvokeMode'),
    }),
  );
  if (textOf(authType) !== 'NONE') return;
  resources.set(
    `${source.logicalId}UrlPublicPermissions`,
    beside(source, 'AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunctionUrl',
      FunctionName: target,
      Principal: '*',
      FunctionUrlAuthType: authType,
    }),
  );
}
