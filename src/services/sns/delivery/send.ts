// Sends one message to one subscription: the channel, the body and the headers.

import { parseArn } from '../../../aws/arn.ts';
import { allowsService } from '../../../aws/resource-policy.ts';
import type { Scope } from '../../../aws/scope.ts';
import { DONE, type Outcome } from '../../../control/outbox.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import type { Client } from '../../../wire/client.ts';
import { Fault } from '../../../wire/fault.ts';
import { contentTypeOf } from '../domain/delivery-policy.ts';
import { httpEnvelope, type Links, lambdaEvent, textToSign } from '../domain/envelope.ts';
import { type Message, type Subscription, type Topic, textFor } from '../domain/model.ts';
import { subscriptionArn } from '../domain/names.ts';
import { sendHttp } from './send-http.ts';
import type { Signer } from './signer.ts';

export type LambdaClient = Client<typeof import('@aws-sdk/client-lambda')>;
export type SqsClient = Client<typeof import('@aws-sdk/client-sqs')>;

/** The services and keys that deliveries use. */
export interface Channels {
  lambda: LambdaClient;
  sqs: SqsClient;
  signer: Signer;
  /**
   * The URLs of Millpond's API, without a slash at the end, on this host and where functions run. The links in messages
   * start with the one that the subscriber reaches.
   */
  baseUrl(): string;
  urlForFunctions(): string;
}

/** One message for one subscription. `signal` aborts the request. */
export interface Delivery {
  scope: Scope;
  topic: Topic;
  subscription: Subscription;
  message: Message;
  signal: AbortSignal;
}

const API_VERSION = '2010-03-31';
const USER_AGENT = 'Amazon Simple Notification Service Agent';

/** Sends a message once and says whether it was delivered, failed (retry) or was refused (final). */
export async function send(channels: Channels, delivery: Delivery): Promise<Outcome> {
  const { subscription } = delivery;
  switch (subscription.protocol) {
    case 'lambda':
      return invoke(channels, delivery);
    case 'sqs':
      return enqueue(channels, delivery);
    case 'http':
    case 'https':
      return post(channels, delivery);
    default:
      return { kind: 'refused', reason: `Millpond delivers nothing by ${subscription.protocol}` };
  }
}

async function signatureOf(channels: Channels, { scope, topic, subscription, message }: Delivery) {
  const isOnHost = subscription.protocol.startsWith('http');
  const base = isOnHost ? channels.baseUrl() : channels.urlForFunctions();
  const link = (action: string, parameters: Record<string, string>) =>
    `${base}/?${new URLSearchParams({ Action: action, ...parameters, Version: API_VERSION })}`;
  const subscribeUrl =
    message.token === undefined
      ? ''
      : link('ConfirmSubscription', { TopicArn: message.topicArn, Token: message.token });
  const text = textToSign(message, subscription.protocol, subscribeUrl);
  const { certificatePath, ...signed } = await channels.signer.sign(text, topic.attributes.SignatureVersion);
  const links: Links = {
    subscribeUrl,
    signingCertUrl: `${base}${certificatePath}`,
    unsubscribeUrl: link('Unsubscribe', { SubscriptionArn: subscriptionArn(scope, subscription) }),
  };
  return { signed, links };
}

async function envelope(channels: Channels, delivery: Delivery): Promise<string> {
  const { message, subscription } = delivery;
  const { signed, links } = await signatureOf(channels, delivery);
  return httpEnvelope(message, subscription.protocol, signed, links);
}

const isRawDelivery = ({ attributes }: Subscription): boolean =>
  attributes.RawMessageDelivery?.toLowerCase() === 'true';

async function post(channels: Channels, delivery: Delivery): Promise<Outcome> {
  const { scope, topic, subscription, message, signal } = delivery;
  const { protocol, endpoint, attributes } = subscription;
  const isConfirmation = message.token !== undefined;
  const isRaw = isRawDelivery(subscription) && !isConfirmation;
  const contentType =
    contentTypeOf(attributes.DeliveryPolicy, 'subscription') ??
    contentTypeOf(topic.attributes.DeliveryPolicy, 'topic') ??
    'text/plain; charset=UTF-8';
  return sendHttp({
    endpoint,
    signal,
    body: isRaw ? textFor(message, protocol) : await envelope(channels, delivery),
    headers: {
      'x-amz-sns-message-type': isConfirmation ? 'SubscriptionConfirmation' : 'Notification',
      'x-amz-sns-message-id': message.id,
      'x-amz-sns-topic-arn': message.topicArn,
      ...(!isConfirmation && { 'x-amz-sns-subscription-arn': subscriptionArn(scope, subscription) }),
      ...(isRaw && { 'x-amz-sns-rawdelivery': 'true' }),
      'content-type': contentType,
      'user-agent': USER_AGENT,
    },
  });
}

/** AWS: the invocation is asynchronous; Lambda retries the function's own failures. */
async function invoke(channels: Channels, delivery: Delivery): Promise<Outcome> {
  const { scope, subscription, message } = delivery;
  const { signed, links } = await signatureOf(channels, delivery);
  const event = lambdaEvent(message, subscriptionArn(scope, subscription), signed, links);
  try {
    await channels.lambda.call(
      'Invoke',
      { FunctionName: subscription.endpoint, InvocationType: 'Event', Payload: Buffer.from(event) },
      ownerOf(subscription.endpoint, scope),
    );
    return DONE;
  } catch (error) {
    return failureOf(error, /^(TooManyRequests|Service|Throttl|EC2|ENI|ResourceNotReady)/);
  }
}

/**
 * AWS: only raw deliveries carry message attributes, and SQS refuses a message with more than ten of them. A queue takes
 * messages only if its policy lets the topic send; nobody is told otherwise but the topic's dead-letter queue.
 */
async function enqueue(channels: Channels, delivery: Delivery): Promise<Outcome> {
  const { subscription, message } = delivery;
  const isRaw = isRawDelivery(subscription);
  const MessageBody = isRaw ? textFor(message, 'sqs') : await envelope(channels, delivery);
  const MessageAttributes = isRaw ? queueAttributes(message) : {};
  try {
    await sendTo(channels.sqs, delivery, subscription.endpoint, { MessageBody, MessageAttributes });
    return DONE;
  } catch (error) {
    return failureOf(error, /^(OverLimit|RequestThrottled|KmsThrottled|Service|Throttl)/);
  }
}

/**
 * Sends a message that was given up to the queue of the subscription's redrive policy. Rejects if the queue refuses it.
 */
export async function sendToDeadLetters(
  channels: Channels,
  delivery: Delivery,
  queueArn: string,
): Promise<void> {
  const { message, subscription } = delivery;
  const isRaw = isRawDelivery(subscription);
  const MessageBody = isRaw ? textFor(message, subscription.protocol) : await envelope(channels, delivery);
  await sendTo(channels.sqs, delivery, queueArn, { MessageBody });
}

async function sendTo(
  sqs: SqsClient,
  { scope: topicScope, message: { topicArn } }: Pick<Delivery, 'scope' | 'message'>,
  queueArn: string,
  message: { MessageBody: string; MessageAttributes?: ReturnType<typeof queueAttributes> },
): Promise<void> {
  const scope = ownerOf(queueArn, topicScope);
  const QueueName = parseArn(queueArn)?.resource ?? queueArn;
  const { QueueUrl } = await sqs.call('GetQueueUrl', { QueueName }, scope);
  const asked = { QueueUrl: QueueUrl!, AttributeNames: ['Policy' as const] };
  const { Attributes } = await sqs.call('GetQueueAttributes', asked, scope);
  const isAllowed = allowsService(Attributes?.Policy ?? '', {
    ...{ service: 'sns.amazonaws.com', action: 'sqs:SendMessage', resource: queueArn },
    ...{ sourceArn: topicArn, sourceAccount: topicScope.accountId },
  });
  if (!isAllowed) throw new Fault('AccessDenied', `The policy of ${queueArn} does not let ${topicArn} send.`);
  await sqs.call('SendMessage', { QueueUrl: QueueUrl!, ...message }, scope);
}

/** The account and region in an ARN; `otherwise` for any other text. */
function ownerOf(arn: string, otherwise: Scope): Scope {
  const { accountId, region } = parseArn(arn) ?? otherwise;
  return { accountId, region };
}

const queueAttributes = ({ attributes }: Message) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => [
      name,
      {
        DataType: type,
        ...(type.startsWith('Binary')
          ? { BinaryValue: Buffer.from(value, 'base64') }
          : { StringValue: value }),
      },
    ]),
  );

/** Classifies an error of a called service. Any other error is a bug and is rethrown. */
function failureOf(error: unknown, mayPass: RegExp): Outcome {
  if (error instanceof Fault) {
    const kind = mayPass.test(error.shape) ? 'failed' : 'refused';
    return { kind, reason: `${error.shape}: ${error.message}` };
  }
  if (error instanceof OperationalError) return { kind: 'failed', reason: error.message };
  throw error;
}
