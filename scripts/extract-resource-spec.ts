// Writes src/services/cloudformation/generated/resource-spec.json from CDK's database of resource types: `npm run
// resource-spec`. The database takes over a second and 150 MB to load, so only the types that Millpond may need are
// kept. Run it after the package was updated or a type added, and commit the changes; a test compares.

import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, Resource, SpecDatabase } from '@aws-cdk/service-spec-types';
import type {
  PropertySpec,
  ResourceSpec,
  SpecFile,
} from '../src/services/cloudformation/resource-spec-file.ts';

/** Types that Millpond supports, may soon support, or that templates with ElastiCache often contain. */
export const RESOURCE_TYPES = [
  'AWS::CloudFormation::Stack',
  'AWS::CloudFormation::WaitCondition',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::Table',
  'AWS::EC2::EIP',
  'AWS::EC2::Instance',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::KeyPair',
  'AWS::EC2::LaunchTemplate',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECR::Repository',
  'AWS::ECS::Cluster',
  'AWS::ECS::TaskDefinition',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ParameterGroup',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::SubnetGroup',
  'AWS::ElastiCache::User',
  'AWS::ElastiCache::UserGroup',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerCertificate',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::Events::Rule',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::LayerVersionPermission',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::SubscriptionFilter',
  'AWS::Route53::HostedZone',
  'AWS::Route53::RecordSet',
  'AWS::Route53::RecordSetGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueueInlinePolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter',
];

export const RESOURCE_SPEC = new URL(
  '../src/services/cloudformation/generated/resource-spec.json',
  import.meta.url,
);

/** The file's text, with one resource type per line. */
export async function extractResourceSpec(): Promise<string> {
  const database = await loadAwsServiceSpec();
  const file: SpecFile = {};
  for (const name of RESOURCE_TYPES) {
    const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', name);
    if (!resource) throw new Error(`the database knows no ${name}`);
    file[name] = specOf(resource, database);
  }
  const lines = Object.entries(file).map(([name, spec]) => `${JSON.stringify(name)}:${JSON.stringify(spec)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function specOf(resource: Resource, database: SpecDatabase): ResourceSpec {
  const definitions: Record<string, Record<string, PropertySpec>> = {};
  const propertiesOf = (properties: Readonly<Record<string, Property>>) =>
    sorted(Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, propertyOf(value)])));

  function propertyOf(property: Property): PropertySpec {
    return {
      // AWS still accepts the property types of its older schemas.
      type: eitherOf([property.type, ...(property.previousTypes ?? [])]),
      ...(property.required && { required: true }),
      ...(property.causesReplacement === 'yes' && { replaces: 'always' as const }),
      ...(property.causesReplacement === 'maybe' && { replaces: 'maybe' as const }),
    };
  }

  const eitherOf = (types: readonly PropertyType[]) =>
    [
      ...new Set(
        types.flatMap((type) => (type.type === 'union' ? type.types.map(typeText) : [typeText(type)])),
      ),
    ].join('|');

  function typeText(type: PropertyType): string {
    switch (type.type) {
      case 'array':
        return `[${typeText(type.element)}]`;
      case 'map':
        return `{${typeText(type.element)}}`;
      case 'union':
        return eitherOf(type.types);
      case 'ref': {
        const definition = database.get('typeDefinition', type.reference);
        if (!definitions[definition.name]) {
          definitions[definition.name] = {};
          definitions[definition.name] = propertiesOf(definition.properties);
        }
        return `#${definition.name}`;
      }
      case 'date-time':
        return 'string';
      default:
        return type.type;
    }
  }

  const properties = propertiesOf(resource.properties);
  const { cfnRefIdentifier, primaryIdentifier = [] } = resource;
  const identifier = [...(cfnRefIdentifier ?? primaryIdentifier)];
  // Only where every template gives what `Ref` does not return.
  const isKnown = (name: string) => properties[name]?.required || identifier.includes(name);
  const isOther = primaryIdentifier.length > 0 && String(primaryIdentifier) !== String(identifier);
  return {
    properties,
    attributes: Object.keys(resource.attributes).sort(),
    identifier,
    ...(isOther && primaryIdentifier.every(isKnown) && { unique: [...primaryIdentifier] }),
    ...(resource.tagInformation && { tags: resource.tagInformation.tagPropertyName }),
    definitions: sorted(definitions),
  };
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  await writeFile(RESOURCE_SPEC, await extractResourceSpec());
}
