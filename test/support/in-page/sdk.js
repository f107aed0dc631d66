// Runs in a web page, bundled: an application that uses the SDK for JavaScript in the browser.

import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

globalThis.useSdk = async (endpoint) => {
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const sns = new SNSClient(options);
  await sns.send(new CreateTopicCommand({ Name: 'from-the-page' }));
  const { Topics } = await sns.send(new ListTopicsCommand({}));
  const ssm = new SSMClient(options);
  await ssm.send(new PutParameterCommand({ Name: '/page', Value: 'value', Type: 'String' }));
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/page' }));
  const failure = await ssm.send(new GetParameterCommand({ Name: '/none' })).catch((error) => error);
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const object = { Bucket: 'closed', Key: 'of the page' };
  const { ETag } = await s3.send(new PutObjectCommand({ ...object, Body: 'text', Metadata: { mine: '1' } }));
  const got = await s3.send(new GetObjectCommand(object));
  return {
    topics: Topics.map(({ TopicArn }) => TopicArn.split(':').at(-1)),
    parameter: Parameter.Value,
    failure: failure.name,
    hasRequestId: failure.$metadata.requestId !== undefined,
    isSameTag: ETag !== undefined && ETag === got.ETag,
    body: await got.Body.transformToString(),
    metadata: got.Metadata,
  };
};
