// The documents that subscribers receive: the JSON notification for HTTP endpoints and queues, the event for Lambda
// functions, and the text that is signed. Pure.

import { type Message, type Protocol, textFor } from './model.ts';

/** The URLs in a message. */
export interface Links {
  signingCertUrl: string;
  unsubscribeUrl: string;
  /** Empty unless the message asks for confirmation. */
  subscribeUrl: string;
}

/** The signature of a message. The version is `1` (SHA-1) or `2` (SHA-256); the signature is in base64. */
export interface Signed {
  version: string;
  signature: string;
}

const timestampOf = (message: Message) => new Date(message.at).toISOString();

/** The text that is signed. AWS: these members in this order, each name and each value on its own line. */
export function textToSign(message: Message, protocol: Protocol, subscribeUrl: string): string {
  const lines: [string, string | undefined][] =
    message.token === undefined
      ? [
          ['Message', textFor(message, protocol)],
          ['MessageId', message.id],
          ['Subject', message.subject],
          ['Timestamp', timestampOf(message)],
          ['TopicArn', message.topicArn],
          ['Type', 'Notification'],
        ]
      : [
          ['Message', message.text],
          ['MessageId', message.id],
          ['SubscribeURL', subscribeUrl],
          ['Timestamp', timestampOf(message)],
          ['Token', message.token],
          ['TopicArn', message.topicArn],
          ['Type', 'SubscriptionConfirmation'],
        ];
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
}

const attributesOf = ({ attributes }: Message) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => [name, { Type: type, Value: value }]),
  );

/** The JSON document for HTTP endpoints and queues. */
export function httpEnvelope(message: Message, protocol: Protocol, signed: Signed, links: Links): string {
  const hasAttributes = Object.keys(message.attributes).length > 0;
  const signature = {
    Timestamp: timestampOf(message),
    SignatureVersion: signed.version,
    Signature: signed.signature,
    SigningCertURL: links.signingCertUrl,
  };
  const envelope =
    message.token === undefined
      ? {
          Type: 'Notification',
          MessageId: message.id,
          TopicArn: message.topicArn,
          ...(message.subject !== undefined && { Subject: message.subject }),
          Message: textFor(message, protocol),
          ...signature,
          UnsubscribeURL: links.unsubscribeUrl,
          ...(hasAttributes && { MessageAttributes: attributesOf(message) }),
        }
      : {
          Type: 'SubscriptionConfirmation',
          MessageId: message.id,
          Token: message.token,
          TopicArn: message.topicArn,
          Message: message.text,
          SubscribeURL: links.subscribeUrl,
          ...signature,
        };
  return JSON.stringify(envelope, null, 2);
}

/**
 * The event that a Lambda function receives, as JSON. AWS: it spells `SigningCertUrl` and `UnsubscribeUrl` differently
 * from the HTTP document.
 */
export const lambdaEvent = (
  message: Message,
  subscriptionArn: string,
  signed: Signed,
  links: Links,
): string =>
  JSON.stringify({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        Sns: {
          Type: 'Notification',
          MessageId: message.id,
          TopicArn: message.topicArn,
          Subject: message.subject ?? null,
          Message: textFor(message, 'lambda'),
          Timestamp: timestampOf(message),
          SignatureVersion: signed.version,
          Signature: signed.signature,
          SigningCertUrl: links.signingCertUrl,
          UnsubscribeUrl: links.unsubscribeUrl,
          MessageAttributes: attributesOf(message),
        },
      },
    ],
  });
