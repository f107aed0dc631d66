// The properties of AWS::DynamoDB::Table as inputs of DynamoDB's API.

import type {
  CreateTableInput,
  GlobalSecondaryIndex,
  GlobalSecondaryIndexUpdate,
  OnDemandThroughput,
  ProvisionedThroughput,
  SSESpecification,
  TimeToLiveSpecification,
  UpdateTableInput,
  WarmThroughput,
} from '@aws-sdk/client-dynamodb';
import {
  changesOf,
  flagOf,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
} from '../../control/resource-properties.ts';
import type { Properties } from '../../control/resource-type.ts';

/** What AWS has and Millpond does not. StreamSpecification is refused by DynamoDB's own API. */
const REFUSED = [
  'ContributorInsightsSpecification',
  'ImportSourceSpecification',
  'KinesisStreamSpecification',
  'ResourcePolicy',
];

/** Throws an error that names an unsupported property. */
export function refuseUnsupported(properties: Properties): void {
  for (const name of REFUSED) {
    const value = properties[name];
    if (value === undefined || value === null) continue;
    // Contributor Insights that are off are what Millpond has.
    const isOff = String((value as Properties).Enabled ?? '').toLowerCase() === 'false';
    if (!isOff) throw new Error(`Millpond does not support the property ${name} of AWS::DynamoDB::Table.`);
  }
}

/** The members of CreateTable, without the name and the tags. Absent properties are absent. */
export function tableInputOf(properties: Properties): Partial<CreateTableInput> {
  const input = {
    AttributeDefinitions: objectsOf(properties, 'AttributeDefinitions').map((each) => ({
      AttributeName: textOf(each, 'AttributeName'),
      AttributeType: textOf(each, 'AttributeType'),
    })),
    KeySchema: keySchemaOf(properties),
    BillingMode: textOf(properties, 'BillingMode'),
    ProvisionedThroughput: throughputOf(properties),
    OnDemandThroughput: onDemandOf(properties),
    WarmThroughput: warmOf(properties),
    GlobalSecondaryIndexes: optional(properties, 'GlobalSecondaryIndexes', globalIndexesOf(properties)),
    LocalSecondaryIndexes: optional(
      properties,
      'LocalSecondaryIndexes',
      objectsOf(properties, 'LocalSecondaryIndexes').map(indexOf),
    ),
    SSESpecification: sseOf(properties),
    StreamSpecification: streamOf(properties),
    TableClass: textOf(properties, 'TableClass'),
    DeletionProtectionEnabled: flagOf(properties, 'DeletionProtectionEnabled'),
  };
  return withoutAbsent(input) as Partial<CreateTableInput>;
}

const optional = <T>(properties: Properties, name: string, value: T): T | undefined =>
  properties[name] === undefined || properties[name] === null ? undefined : value;

const withoutAbsent = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const keySchemaOf = (properties: Properties) =>
  objectsOf(properties, 'KeySchema').map((each) => ({
    AttributeName: textOf(each, 'AttributeName'),
    KeyType: textOf(each, 'KeyType'),
  }));

function throughputOf(properties: Properties): ProvisionedThroughput | undefined {
  const given = objectOf(properties, 'ProvisionedThroughput');
  return (
    given && {
      ReadCapacityUnits: numberOf(given, 'ReadCapacityUnits'),
      WriteCapacityUnits: numberOf(given, 'WriteCapacityUnits'),
    }
  );
}

function onDemandOf(properties: Properties): OnDemandThroughput | undefined {
  const given = objectOf(properties, 'OnDemandThroughput');
  return (
    given &&
    withoutAbsent({
      MaxReadRequestUnits: numberOf(given, 'MaxReadRequestUnits'),
      MaxWriteRequestUnits: numberOf(given, 'MaxWriteRequestUnits'),
    })
  );
}

function warmOf(properties: Properties): WarmThroughput | undefined {
  const given = objectOf(properties, 'WarmThroughput');
  return (
    given &&
    withoutAbsent({
      ReadUnitsPerSecond: numberOf(given, 'ReadUnitsPerSecond'),
      WriteUnitsPerSecond: numberOf(given, 'WriteUnitsPerSecond'),
    })
  );
}

function indexOf(given: Properties) {
  const projection = objectOf(given, 'Projection') ?? {};
  return {
    IndexName: textOf(given, 'IndexName'),
    KeySchema: keySchemaOf(given),
    Projection: withoutAbsent({
      ProjectionType: textOf(projection, 'ProjectionType'),
      NonKeyAttributes: listOf(projection, 'NonKeyAttributes'),
    }),
  };
}

function globalIndexesOf(properties: Properties): GlobalSecondaryIndex[] {
  return objectsOf(properties, 'GlobalSecondaryIndexes').map((given) => {
    refuseUnsupported(given);
    return withoutAbsent({
      ...indexOf(given),
      ProvisionedThroughput: throughputOf(given),
      OnDemandThroughput: onDemandOf(given),
      WarmThroughput: warmOf(given),
    }) as GlobalSecondaryIndex;
  });
}

/** AWS: the template says SSEEnabled, the API Enabled. */
export function sseOf(properties: Properties): SSESpecification | undefined {
  const given = objectOf(properties, 'SSESpecification');
  return (
    given &&
    (withoutAbsent({
      Enabled: flagOf(given, 'SSEEnabled') ?? false,
      SSEType: textOf(given, 'SSEType'),
      KMSMasterKeyId: textOf(given, 'KMSMasterKeyId'),
    }) as SSESpecification)
  );
}

function streamOf(properties: Properties) {
  const given = objectOf(properties, 'StreamSpecification');
  return given && { StreamEnabled: true, StreamViewType: textOf(given, 'StreamViewType') };
}

/** The time to live that the template wants. */
export function timeToLiveOf(properties: Properties): TimeToLiveSpecification | undefined {
  const given = objectOf(properties, 'TimeToLiveSpecification');
  return (
    given && {
      AttributeName: textOf(given, 'AttributeName') ?? '',
      Enabled: flagOf(given, 'Enabled') ?? false,
    }
  );
}

/** The settings of a table that differ, as an input of UpdateTable. */
export function settingsOf(properties: Properties, before: Properties): Partial<UpdateTableInput> {
  const settings: Partial<UpdateTableInput> = {};
  const [wanted, held] = [tableInputOf(properties), tableInputOf(before)];
  if (wanted.StreamSpecification) settings.StreamSpecification = wanted.StreamSpecification;
  if (wanted.TableClass !== held.TableClass) settings.TableClass = wanted.TableClass ?? 'STANDARD';
  if (wanted.DeletionProtectionEnabled !== held.DeletionProtectionEnabled) {
    settings.DeletionProtectionEnabled = wanted.DeletionProtectionEnabled ?? false;
  }
  if (JSON.stringify(wanted.OnDemandThroughput) !== JSON.stringify(held.OnDemandThroughput)) {
    settings.OnDemandThroughput = wanted.OnDemandThroughput ?? {
      MaxReadRequestUnits: -1,
      MaxWriteRequestUnits: -1,
    };
  }
  if (
    wanted.WarmThroughput &&
    JSON.stringify(wanted.WarmThroughput) !== JSON.stringify(held.WarmThroughput)
  ) {
    settings.WarmThroughput = wanted.WarmThroughput;
  }
  return settings;
}

/** How the global indexes change. */
export interface ChangeOfIndexes {
  /** Of throughput, all in one call. */
  changed: GlobalSecondaryIndexUpdate[];
  /** At most one creation or deletion. */
  online: GlobalSecondaryIndexUpdate[];
}

/** AWS: one update of a stack creates or deletes one global index of a table. Throws with CloudFormation's words. */
export function changeOfIndexes(properties: Properties, before: Properties): ChangeOfIndexes {
  const wanted = tableInputOf(properties).GlobalSecondaryIndexes ?? [];
  const held = tableInputOf(before).GlobalSecondaryIndexes ?? [];
  const { gone, come } = changesOf(held, wanted, ({ IndexName }) => IndexName!);
  if (gone.length + come.length > 1) {
    throw new Error('Cannot perform more than one GSI creation or deletion in a single update');
  }
  const changed: GlobalSecondaryIndexUpdate[] = [];
  for (const index of wanted) {
    const old = held.find(({ IndexName }) => IndexName === index.IndexName);
    if (!old) continue;
    const { ProvisionedThroughput, OnDemandThroughput, WarmThroughput, IndexName } = index;
    const fixed = ({ KeySchema, Projection }: GlobalSecondaryIndex) =>
      JSON.stringify([KeySchema, Projection]);
    if (fixed(index) !== fixed(old)) {
      throw new Error(
        "Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. You can create a new GSI with a different name.",
      );
    }
    const units = { ProvisionedThroughput, OnDemandThroughput, WarmThroughput };
    const oldUnits = {
      ProvisionedThroughput: old.ProvisionedThroughput,
      OnDemandThroughput: old.OnDemandThroughput,
      WarmThroughput: old.WarmThroughput,
    };
    if (JSON.stringify(units) === JSON.stringify(oldUnits)) continue;
    changed.push({ Update: { IndexName, ...withoutAbsent(units) } });
  }
  return {
    changed,
    online: [
      ...gone.map(({ IndexName }) => ({ Delete: { IndexName } })),
      ...come.map((index) => ({ Create: index })),
    ],
  };
}
