// The services that VPC endpoints can lead to. Pure. Those commonly asked for are listed; any other name of the right
// form is taken, since AWS opens new ones all the time.

import { Fault } from '../../wire/fault.ts';

export const GATEWAY_SERVICES = ['dynamodb', 's3'];

export const INTERFACE_SERVICES =
  `autoscaling cloudformation dynamodb ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent
  ecs-telemetry elasticache elasticfilesystem elasticloadbalancing events execute-api kinesis-firehose kinesis-streams
  kms lambda logs monitoring rds s3 secretsmanager sns sqs ssm ssmmessages states sts xray`.split(/\s+/);

/** The service's own part of `com.amazonaws.REGION.s3`. Throws InvalidServiceName. */
export function endpointServiceOf(serviceName: string, region: string): string {
  const [, place, service] = /^com\.amazonaws\.([a-z0-9-]+)\.([a-z0-9.-]{1,60})$/.exec(serviceName) ?? [];
  if (!service || place !== region) {
    throw new Fault('InvalidServiceName', `The Vpc Endpoint Service '${serviceName}' does not exist`);
  }
  return service;
}
