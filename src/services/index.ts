// The list of Millpond's services. Each service describes itself in its manifest, `<service>/index.ts`.

import { cloudformation } from './cloudformation/index.ts';
import { cloudwatch } from './cloudwatch/index.ts';
import { dynamodb } from './dynamodb/index.ts';
import { ec2 } from './ec2/index.ts';
import { ecr } from './ecr/index.ts';
import { ecs } from './ecs/index.ts';
import { elasticache } from './elasticache/index.ts';
import { elbv2 } from './elbv2/index.ts';
import { iam } from './iam/index.ts';
import { lambda } from './lambda/index.ts';
import { logs } from './logs/index.ts';
import type { Manifest } from './manifest.ts';
import { route53 } from './route53/index.ts';
import { s3 } from './s3/index.ts';
import { s3Control } from './s3-control/index.ts';
import { sns } from './sns/index.ts';
import { sqs } from './sqs/index.ts';
import { ssm } from './ssm/index.ts';
import { sts } from './sts/index.ts';

/**
 * In the order in which the server tries requests without a signature: S3 is last, since any path may name an object.
 */
export const MANIFESTS = [
  elasticache,
  ec2,
  sts,
  cloudformation,
  lambda,
  ssm,
  iam,
  logs,
  sns,
  sqs,
  route53,
  cloudwatch,
  ecr,
  elbv2,
  ecs,
  dynamodb,
  s3Control,
  s3,
] as readonly Manifest[];
