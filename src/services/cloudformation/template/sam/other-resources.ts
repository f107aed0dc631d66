// Translates SAM's smaller types: layers, simple tables and applications.

import { member, type NodeSource, nodeOf, textOf } from '../node.ts';
import { codeLocation } from './code-location.ts';
import { hashOf } from './function.ts';
import {
  invalid,
  property,
  refuseOthers,
  required,
  type SamSource,
  type Translation,
  tagList,
  translated,
} from './source.ts';

/** A layer's logical id. It changes with the layer's properties, so that the previous version is retained. */
export const layerId = (source: SamSource): string => `${source.logicalId}${hashOf(source.properties)}`;

/** Translates AWS::Serverless::LayerVersion. */
export function translateLayer(source: SamSource): Translation {
  const same = ['CompatibleArchitectures', 'CompatibleRuntimes', 'Description', 'LicenseInfo'];
  refuseOthers(source, [...same, 'ContentUri', 'LayerName', 'RetentionPolicy']);
  const retention = textOf(property(source, 'RetentionPolicy'))?.toLowerCase() ?? 'retain';
  if (retention !== 'retain' && retention !== 'delete') {
    return invalid(source, "'RetentionPolicy' must be one of the following options: ['Retain', 'Delete'].");
  }
  const layer = translated(
    source,
    'AWS::Lambda::LayerVersion',
    {
      ...Object.fromEntries(same.map((name) => [name, property(source, name)])),
      Content: codeLocation(required(source, 'ContentUri')),
      LayerName: property(source, 'LayerName') ?? source.logicalId,
    },
    { DeletionPolicy: retention === 'retain' ? 'Retain' : 'Delete' },
  );
  return new Map([[layerId(source), layer]]);
}

const KEY_TYPES = new Map([
  ['String', 'S'],
  ['Number', 'N'],
  ['Binary', 'B'],
]);

/** Translates AWS::Serverless::SimpleTable into a DynamoDB table. */
export function translateSimpleTable(source: SamSource): Translation {
  const same = ['PointInTimeRecoverySpecification', 'ProvisionedThroughput', 'SSESpecification', 'TableName'];
  refuseOthers(source, [...same, 'PrimaryKey', 'Tags']);
  const key = property(source, 'PrimaryKey');
  const type = key ? KEY_TYPES.get(textOf(member(key, 'Type')) ?? '') : 'S';
  if (type === undefined)
    return invalid(source, 'Property "PrimaryKey.Type" must be one of String, Number, Binary.', key?.place);
  const name: NodeSource = (key && member(key, 'Name')) ?? 'id';
  const table = translated(source, 'AWS::DynamoDB::Table', {
    ...Object.fromEntries(same.map((each) => [each, property(source, each)])),
    AttributeDefinitions: [{ AttributeName: name, AttributeType: type }],
    KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
    BillingMode: property(source, 'ProvisionedThroughput') ? undefined : 'PAY_PER_REQUEST',
    Tags: property(source, 'Tags') ? tagList(source, false) : undefined,
  });
  return new Map([[source.logicalId, table]]);
}

/** Translates AWS::Serverless::Application into a nested stack. */
export function translateApplication(source: SamSource): Translation {
  const same = ['NotificationARNs', 'Parameters', 'TimeoutInMinutes'];
  refuseOthers(source, [...same, 'Location', 'Tags']);
  const location = required(source, 'Location');
  if (member(location, 'ApplicationId')) {
    return invalid(
      source,
      'Applications of the Serverless Application Repository are not supported.',
      location.place,
    );
  }
  const stack = translated(source, 'AWS::CloudFormation::Stack', {
    ...Object.fromEntries(same.map((name) => [name, property(source, name)])),
    TemplateURL: location,
    Tags: nodeOf(tagList(source), source.place),
  });
  return new Map([[source.logicalId, stack]]);
}
