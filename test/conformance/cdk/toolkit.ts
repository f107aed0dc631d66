// The calls that the CDK's command line makes, in its order: whom it becomes, where it puts assets, how it asks for a
// stack and waits for it.

import assert from 'node:assert/strict';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import {
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { until } from '../../faults/wait.ts';

const REGION = 'us-east-1';
const QUALIFIER = 'hnb659fds';
const SETTLED_WITHIN_MS = 120_000;

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface ChangeSetWish {
  stackName: string;
  template: { TemplateBody: string } | { TemplateURL: string };
}

export class Toolkit {
  readonly #endpoint: string;
  readonly #own: Credentials;
  account = '';

  constructor(endpoint: string, accessKeyId: string) {
    this.#endpoint = endpoint;
    this.#own = { accessKeyId, secretAccessKey: 'test' };
  }

  #options(credentials: Credentials = this.#own) {
    return { endpoint: this.#endpoint, region: REGION, credentials, maxAttempts: 1 };
  }

  async start(): Promise<void> {
    const { Account } = await new STSClient(this.#options()).send(new GetCallerIdentityCommand());
    this.account = Account!;
  }

  /** `deploy`, `file-publishing`. */
  async assume(role: string): Promise<Credentials> {
    const RoleArn = `arn:aws:iam::${this.account}:role/cdk-${QUALIFIER}-${role}-role-${this.account}-${REGION}`;
    const sts = new STSClient(this.#options());
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'aws-cdk-me' }));
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
  }

  async bootstrapVersion(): Promise<number> {
    const ssm = new SSMClient(this.#options(await this.assume('deploy')));
    const name = `/cdk-bootstrap/${QUALIFIER}/version`;
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    return Number(Parameter!.Value);
  }

  /** Once; the URL at which CloudFormation is told to find it. */
  async publish(key: string, content: Uint8Array | string): Promise<string> {
    const Bucket = `cdk-${QUALIFIER}-assets-${this.account}-${REGION}`;
    const s3 = new S3Client({ ...this.#options(await this.assume('file-publishing')), forcePathStyle: true });
    await s3.send(new GetBucketLocationCommand({ Bucket }));
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: key, MaxKeys: 1 }));
    if (Contents?.[0]?.Key !== key) {
      const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
      const { SSEAlgorithm, KMSMasterKeyID } =
        ServerSideEncryptionConfiguration!.Rules![0]!.ApplyServerSideEncryptionByDefault!;
      await s3.send(
        new PutObjectCommand({
          Bucket,
          Key: key,
          Body: content,
          ServerSideEncryption: SSEAlgorithm,
          SSEKMSKeyId: KMSMasterKeyID,
          ExpectedBucketOwner: this.account,
        }),
      );
    }
    return `https://s3.${REGION}.amazonaws.com/${Bucket}/${key}`;
  }

  async stack(name: string, cloudformation = this.cloudformation()): Promise<Stack | undefined> {
    try {
      return (await cloudformation.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
    } catch (error) {
      assert.equal((error as Error).message, `Stack with id ${name} does not exist`);
      return undefined;
    }
  }

  cloudformation(credentials?: Credentials): CloudFormationClient {
    return new CloudFormationClient(this.#options(credentials));
  }

  /** By a change set; the stack once nothing is under way in it, or that there was nothing to do. */
  async deploy({ stackName, template }: ChangeSetWish, as?: Credentials): Promise<Stack | 'no changes'> {
    const cloudformation = this.cloudformation(as);
    const existing = await this.stack(stackName, cloudformation);
    const name = { StackName: stackName, ChangeSetName: 'cdk-deploy-change-set' };
    await cloudformation.send(
      new CreateChangeSetCommand({
        ...name,
        ...template,
        ChangeSetType: existing ? 'UPDATE' : 'CREATE',
        Description: 'CDK Changeset for execution',
        ClientToken: 'create',
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
        ...(as && {
          RoleARN: `arn:aws:iam::${this.account}:role/cdk-${QUALIFIER}-cfn-exec-role-${this.account}-${REGION}`,
        }),
        Tags: [{ Key: 'made-by', Value: 'cdk' }],
      }),
    );
    const set = await cloudformation.send(new DescribeChangeSetCommand(name));
    if (set.Status === 'FAILED' && /didn't contain changes/.test(set.StatusReason!)) return 'no changes';
    assert.equal(set.Status, 'CREATE_COMPLETE');
    // Between the two it looks at the stack again.
    await cloudformation.send(new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' }));
    await cloudformation.send(new ExecuteChangeSetCommand({ ...name, ClientRequestToken: 'execute' }));
    return this.#settled(stackName);
  }

  async #settled(nameOrId: string): Promise<Stack> {
    await until(`${nameOrId} is settled`, SETTLED_WITHIN_MS, async () => {
      const status = (await this.stack(nameOrId))?.StackStatus ?? 'gone';
      return !status.endsWith('_IN_PROGRESS') || status;
    });
    return (await this.stack(nameOrId))!;
  }

  async events(stackName: string): Promise<string[]> {
    const { StackEvents } = await this.cloudformation().send(
      new DescribeStackEventsCommand({ StackName: stackName }),
    );
    return StackEvents!.map((event) =>
      [event.LogicalResourceId, event.ResourceStatus, event.ResourceStatusReason].filter(Boolean).join(' '),
    );
  }

  async destroy(stackName: string): Promise<string> {
    const cloudformation = this.cloudformation(await this.assume('deploy'));
    const { StackId } = (await this.stack(stackName))!;
    await cloudformation.send(new DeleteStackCommand({ StackName: stackName }));
    return (await this.#settled(StackId!)).StackStatus!;
  }
}
