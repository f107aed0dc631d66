// What a subscriber gets: the notification that HTTP endpoints are sent, the event that functions are called with, and
// the text that is signed.

import { type Message, type Protocol, textFor } from './model.ts';

export interface Links {
  signingCertUrl: string;
  unsubscribeUrl: string;
  /** Of a message that asks for confirmation. */
  subscribeUrl: string;
}

export interface Signed {
  version: string;
  signature: string;
}

const timestampOf = (message: Message) => new Date(message.at).toISOString();

/** AWS: these members, in this order, each name and value on a line of its own. */
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

/** AWS: `SigningCertUrl` and `UnsubscribeUrl` are spelled otherwise than in the HTTP envelope. */
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
