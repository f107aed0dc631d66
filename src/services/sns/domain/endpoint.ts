// The endpoints that a subscription may have, by protocol. Pure.

import { invalidParameter, unsupported } from '../faults.ts';
import type { Protocol } from './model.ts';

const LAMBDA =
  /^arn:aws[a-z-]*:lambda:[a-z]{2}(-[a-z]+)+-\d{1,2}:\d{12}:function:[\w-]{1,64}(:(\$LATEST|[\w-]{1,128}))?$/;
const QUEUE = /^arn:aws[a-z-]*:sqs:[a-z]{2}(-[a-z]+)+-\d{1,2}:\d{12}:[\w-]{1,80}(?<fifo>\.fifo)?$/;
const LONGEST = 2_048;

/** Validates a protocol and its endpoint. Throws InvalidParameter. */
export function checkEndpoint(protocol: string, endpoint: string): asserts protocol is Protocol {
  switch (protocol) {
    case 'lambda':
      if (!LAMBDA.test(endpoint)) throw invalidParameter('Lambda endpoint ARN');
      return;
    case 'sqs': {
      const queue = QUEUE.exec(endpoint);
      if (!queue) throw invalidParameter('SQS endpoint ARN');
      if (queue.groups?.fifo) {
        throw invalidParameter('Endpoint', 'FIFO SQS Queues can not be subscribed to standard SNS topics');
      }
      return;
    }
    case 'http':
    case 'https': {
      const scheme = `${protocol}://`;
      if (endpoint.length > LONGEST || !endpoint.startsWith(scheme) || !isUrl(endpoint)) {
        throw invalidParameter('Endpoint must match the specified protocol');
      }
      return;
    }
    case 'email':
    case 'email-json':
      if (endpoint.length > 320 || !/^[^\s@]+@[^\s@]+$/.test(endpoint))
        throw invalidParameter('Email address');
      return;
    case 'application':
    case 'firehose':
    case 'sms':
      throw unsupported('Protocol', `subscriptions by ${protocol}: Millpond cannot deliver them.`);
    default:
      // Text: recorded by localstack on 2025-10-06.
      throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol.slice(0, 100)}`);
  }
}

function isUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.hostname !== '' && /^[\x21-\x7e]+$/.test(text);
}
