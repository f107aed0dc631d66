// Validation of a bucket's notifications. They are recorded and never sent. Pure.

import { derivedHex } from '../../../kernel/ids.ts';
import { invalidArgument } from '../faults/requests.ts';
import { listOf, structure, text } from './documents.ts';
import type {
  NotificationConfiguration as Configuration,
  Notification,
  NotificationFilter,
} from './given-settings.ts';

const EVENT =
  /^s3:(ReducedRedundancyLostObject|ObjectCreated:(\*|Put|Post|Copy|CompleteMultipartUpload)|ObjectRemoved:(\*|Delete|DeleteMarkerCreated)|ObjectRestore:(\*|Post|Completed|Delete)|Replication:(\*|Operation(FailedReplication|NotTracked|MissedThreshold|ReplicatedAfterThreshold))|LifecycleTransition|IntelligentTiering|ObjectAcl:Put|LifecycleExpiration:(\*|Delete|DeleteMarkerCreated)|ObjectTagging:(\*|Put|Delete))$/;

const KINDS = [
  ['TopicConfigurations', 'TopicArn', 'sns'],
  ['QueueConfigurations', 'QueueArn', 'sqs'],
  ['LambdaFunctionConfigurations', 'LambdaFunctionArn', 'lambda'],
] as const;

const FILTER = structure({
  Key: structure({ FilterRules: listOf(structure({ Value: text(0, 1024) }), 0, 100) }),
});

const FORM = structure(
  Object.fromEntries(
    KINDS.map(([member, target]) => [
      member,
      listOf(
        structure(
          { [target]: text(1, 2048), Events: listOf(text(1, 256), 1, 100), Filter: FILTER },
          { required: [target, 'Events'] },
        ),
        0,
        100,
      ),
    ]),
  ),
);

/** Validates the notifications. AWS: those without an id get one. Throws MalformedXML, InvalidArgument. */
export function acceptNotifications(value: Configuration, region: string): Configuration {
  FORM(value);
  const kept: Record<string, unknown> = { ...value };
  for (const [member, target, service] of KINDS) {
    const list = value[member] as readonly Notification[] | undefined;
    if (!list) continue;
    kept[member] = list.map((entry, index) => {
      checkEntry(entry, String(entry[target]), service, region);
      const { Id = derivedHex(48, 's3-notification', member, String(index), JSON.stringify(entry)) } = entry;
      return { ...entry, Id, Filter: withAwsSpelling(entry.Filter) };
    });
  }
  return kept as Configuration;
}

function checkEntry(
  { Events = [], Filter }: Notification,
  target: string,
  service: string,
  region: string,
): void {
  if (!new RegExp(`^arn:aws[a-z-]*:${service}:`).test(target)) {
    throw invalidArgument('The ARN could not be parsed', 'ARN', target.slice(0, 1024));
  }
  if (target.split(':')[3] !== region) {
    throw invalidArgument(
      'The notification destination service region is not valid for the bucket location constraint',
      'ARN',
      target.slice(0, 1024),
    );
  }
  const unknown = Events.find((event) => !EVENT.test(event));
  if (unknown !== undefined) {
    throw invalidArgument('A specified event is not supported for notifications', 'Event', unknown);
  }
  const seen = new Set<string>();
  for (const { Name = '' } of Filter?.Key?.FilterRules ?? []) {
    const name = Name.toLowerCase();
    if (name !== 'prefix' && name !== 'suffix') {
      throw invalidArgument(
        'filter rule name must be either prefix or suffix',
        'FilterRule.Name',
        Name.slice(0, 1024),
      );
    }
    if (seen.has(name)) {
      throw invalidArgument('Cannot specify more than one prefix rule in a filter.', 'FilterRule.Name', Name);
    }
    seen.add(name);
  }
}

/** AWS: the name `prefix` is returned as `Prefix`. */
function withAwsSpelling(filter: NotificationFilter | undefined): NotificationFilter | undefined {
  if (!filter?.Key?.FilterRules) return filter;
  const rules = filter.Key.FilterRules.map(({ Name = '', ...rest }) => ({
    ...rest,
    Name: (Name.charAt(0).toUpperCase() + Name.slice(1).toLowerCase()) as 'prefix',
  }));
  return { Key: { FilterRules: rules } };
}
