// Translates the events of a function into subscriptions, rules and event source mappings, with the permissions that
// they need.

import { member, type NodeSource, type ObjectNode, textOf } from '../node.ts';
import { attribute, beside, invalid, property, ref, type SamSource, type Translation } from './source.ts';

interface SamEvent {
  /** The function's and the event's id, joined as SAM does. */
  id: string;
  properties: ObjectNode | undefined;
  source: SamSource;
  /** The logical id of what the event invokes: the alias if there is one, else the function. */
  target: string;
}

const TRANSLATORS: Record<string, (event: SamEvent) => Translation> = {
  CloudWatchEvent: ruleEvent,
  DynamoDB: (event) =>
    mappingEvent(event, 'Stream', [
      'StartingPosition',
      'BatchSize',
      'BisectBatchOnFunctionError',
      'MaximumRetryAttempts',
      'MaximumRecordAgeInSeconds',
      'ParallelizationFactor',
    ]),
  EventBridgeRule: ruleEvent,
  SNS: snsEvent,
  SQS: (event) => mappingEvent(event, 'Queue', ['BatchSize', 'ScalingConfig']),
  Schedule: scheduleEvent,
};

/** `alias` is the logical id of the function's alias. Throws a TemplateError for an event that is not supported. */
export function translateEvents(source: SamSource, alias: string | undefined): Translation {
  const events = property(source, 'Events');
  const resources: Translation = new Map();
  if (!events) return resources;
  if (events.kind !== 'object') return invalid(source, "Property 'Events' should be a map.", events.place);
  for (const [name, entry] of events.entries) {
    const type = textOf(member(entry.value, 'Type')) ?? '';
    const translator = Object.hasOwn(TRANSLATORS, type) ? TRANSLATORS[type] : undefined;
    if (!translator)
      return invalid(
        source,
        `Event with id [${name}]: events of type ${type} are not supported.`,
        entry.place,
      );
    const properties = member(entry.value, 'Properties');
    const event: SamEvent = {
      id: source.logicalId + name,
      properties: properties?.kind === 'object' ? properties : undefined,
      source,
      target: alias ?? source.logicalId,
    };
    for (const [id, resource] of translator(event)) resources.set(id, resource);
  }
  return resources;
}

/** `Ref` of an alias returns its ARN, but `Ref` of a function returns its name. */
const targetArn = ({ source, target }: SamEvent): NodeSource =>
  target === source.logicalId ? attribute(target, 'Arn') : ref(target);

function permission(event: SamEvent, principal: string, sourceArn: NodeSource): [string, ObjectNode] {
  const properties = {
    Action: 'lambda:InvokeFunction',
    FunctionName: ref(event.target),
    Principal: principal,
    SourceArn: sourceArn,
  };
  return [`${event.id}Permission`, beside(event.source, 'AWS::Lambda::Permission', properties)];
}

const given = (event: SamEvent, ...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, event.properties && member(event.properties, name)]));

function need(event: SamEvent, name: string): NodeSource {
  return (
    (event.properties && member(event.properties, name)) ??
    invalid(event.source, `Event ${event.id} misses its property '${name}'.`)
  );
}

function snsEvent(event: SamEvent): Translation {
  const topic = need(event, 'Topic');
  if (event.properties && member(event.properties, 'SqsSubscription')) {
    return invalid(event.source, 'SqsSubscription of an SNS event is not supported.');
  }
  const subscription = beside(event.source, 'AWS::SNS::Subscription', {
    Protocol: 'lambda',
    Endpoint: targetArn(event),
    TopicArn: topic,
    ...given(event, 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy', 'Region'),
  });
  return new Map([permission(event, 'sns.amazonaws.com', topic), [event.id, subscription]]);
}

function scheduleEvent(event: SamEvent): Translation {
  const enabled = textOf(event.properties && member(event.properties, 'Enabled'));
  return rule(event, {
    ScheduleExpression: need(event, 'Schedule'),
    State: enabled === undefined ? undefined : enabled === 'true' ? 'ENABLED' : 'DISABLED',
    ...definedOnly(given(event, 'Name', 'Description', 'State')),
  });
}

function ruleEvent(event: SamEvent): Translation {
  return rule(event, {
    EventPattern: need(event, 'Pattern'),
    ...given(event, 'EventBusName', 'State'),
    Name: event.properties && member(event.properties, 'RuleName'),
  });
}

function rule(event: SamEvent, properties: Record<string, NodeSource | undefined>): Translation {
  const target = {
    Arn: targetArn(event),
    Id: `${event.id}LambdaTarget`,
    ...given(event, 'Input', 'InputPath', 'RetryPolicy'),
  };
  const made = beside(event.source, 'AWS::Events::Rule', { ...properties, Targets: [target] });
  return new Map([[event.id, made], permission(event, 'events.amazonaws.com', attribute(event.id, 'Arn'))]);
}

function mappingEvent(event: SamEvent, arnName: string, names: readonly string[]): Translation {
  const mapping = beside(event.source, 'AWS::Lambda::EventSourceMapping', {
    EventSourceArn: need(event, arnName),
    FunctionName: ref(event.target),
    ...given(
      event,
      ...names,
      'Enabled',
      'FilterCriteria',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'DestinationConfig',
    ),
  });
  return new Map([[event.id, mapping]]);
}

const definedOnly = <T>(record: Record<string, T | undefined>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== undefined));
