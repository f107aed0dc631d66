// Idempotency tokens: a request with the client token of an earlier request gets the same answer and changes nothing.
//
// AWS: only some of these operations have a ClientToken, so clients can send none with the others. Callers inside
// Millpond can; CloudFormation does, so that a step that runs twice makes one resource.

import { createHash } from 'node:crypto';
import { type Scope, scopeKey } from '../../aws/scope.ts';
import { Fault } from '../../wire/fault.ts';
import type { Service } from '../../wire/service.ts';
import type { Ec2 } from './context.ts';
import { resourceExists } from './inventory.ts';
import { kindOfId } from './resource-kinds.ts';
import type { Output } from './sdk.ts';

interface TokenRecord {
  token: string;
  /** A hash of the operation and its input. */
  fingerprint: string;
  resourceId: string;
  output: unknown;
  usedAt: number;
}

/** Operation -> the id of the resource that its output describes. */
const MADE: { [N in keyof Made]: (output: Made[N]) => string | undefined } = {
  AllocateAddress: (output) => output.AllocationId,
  CreateDhcpOptions: (output) => output.DhcpOptions?.DhcpOptionsId,
  CreateInternetGateway: (output) => output.InternetGateway?.InternetGatewayId,
  CreateNetworkAcl: (output) => output.NetworkAcl?.NetworkAclId,
  CreateLaunchTemplate: (output) => output.LaunchTemplate?.LaunchTemplateId,
  CreateLaunchTemplateVersion: (output) => output.LaunchTemplateVersion?.LaunchTemplateId,
  CreateNatGateway: (output) => output.NatGateway?.NatGatewayId,
  CreateRouteTable: (output) => output.RouteTable?.RouteTableId,
  CreateSecurityGroup: (output) => output.GroupId,
  CreateSubnet: (output) => output.Subnet?.SubnetId,
  CreateVpc: (output) => output.Vpc?.VpcId,
  CreateVpcEndpoint: (output) => output.VpcEndpoint?.VpcEndpointId,
  RunInstances: (output) => output.Instances?.[0]?.InstanceId,
};

interface Made {
  AllocateAddress: Output<'AllocateAddress'>;
  CreateDhcpOptions: Output<'CreateDhcpOptions'>;
  CreateInternetGateway: Output<'CreateInternetGateway'>;
  CreateNetworkAcl: Output<'CreateNetworkAcl'>;
  CreateLaunchTemplate: Output<'CreateLaunchTemplate'>;
  CreateLaunchTemplateVersion: Output<'CreateLaunchTemplateVersion'>;
  CreateNatGateway: Output<'CreateNatGateway'>;
  CreateRouteTable: Output<'CreateRouteTable'>;
  CreateSecurityGroup: Output<'CreateSecurityGroup'>;
  CreateSubnet: Output<'CreateSubnet'>;
  CreateVpc: Output<'CreateVpc'>;
  CreateVpcEndpoint: Output<'CreateVpcEndpoint'>;
  RunInstances: Output<'RunInstances'>;
}

const MAX_TOKEN_LENGTH = 128;
const MAX_KEPT = 5_000;
/** Records that are checked for removal whenever a record is added. */
const SWEPT_AT_ONCE = 10;
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Wraps the operations that create something. Throws IdempotentParameterMismatch if the token belongs to a different
 * request.
 */
export function withClientTokens(service: Service, ec2: Ec2): Service {
  const records = ec2.store.collection<TokenRecord>('ec2/client-token');
  /** Account and region -> the last record that was checked. */
  const swept = new Map<string, string>();
  const operations = { ...service.operations };
  for (const [name, idOf] of Object.entries(MADE) as [string, (output: unknown) => string | undefined][]) {
    const handle = operations[name]!;
    operations[name] = (input, context) => {
      const token = input.ClientToken;
      if (token === undefined) return handle(input, context);
      if (token.length > MAX_TOKEN_LENGTH) throw tokenTooLong();
      return ec2.store.transaction(() => {
        const fingerprint = fingerprintOf(name, input);
        const earlier = records.get(context, token);
        // If the resource no longer exists, the request creates a new one.
        if (earlier && isThere(ec2, context, earlier.resourceId)) {
          if (earlier.fingerprint !== fingerprint) throw tokenMismatch();
          return revived(earlier.output);
        }
        const output = handle(input, context);
        const resourceId = idOf(output) ?? '';
        const usedAt = ec2.clock.now();
        records.put(context, token, { token, fingerprint, resourceId, output: kept(output), usedAt });
        sweep(context);
        return output;
      });
    };
  }
  return { ...service, operations };

  /**
   * Checks a few records in turn. Removes old ones and, if there are too many in total, the oldest of the checked
   * ones.
   */
  function sweep(scope: Scope): void {
    const key = scopeKey(scope);
    const met = records.entries(scope, { after: swept.get(key), limit: SWEPT_AT_ONCE });
    const last = met.length < SWEPT_AT_ONCE ? undefined : met.at(-1)!.id;
    if (last === undefined) swept.delete(key);
    else swept.set(key, last);
    const oldest = ec2.clock.now() - KEPT_MS;
    const oldestFirst = met.sort((one, other) => one.value.usedAt - other.value.usedAt);
    const excess = met.length > 1 && records.count(scope) > MAX_KEPT ? 1 : 0;
    const gone = oldestFirst.filter(({ value }, index) => index < excess || value.usedAt < oldest);
    for (const { id } of gone) records.delete(scope, id);
  }
}

function isThere(ec2: Ec2, scope: Scope, id: string): boolean {
  const kind = kindOfId(id);
  if (!kind || !resourceExists(ec2, scope, kind, id)) return false;
  return (
    ec2.records.instances.find(scope, id)?.state !== 'terminated' &&
    ec2.records.natGateways.find(scope, id)?.deletedAt === undefined
  );
}

const fingerprintOf = (operation: string, input: object): string =>
  createHash('sha256')
    .update(`${operation} ${JSON.stringify(input)}`)
    .digest('hex');

// JSON has no dates, but outputs contain some.
const DATE = '$date';

function kept(value: unknown): unknown {
  if (value instanceof Date) return { [DATE]: value.getTime() };
  if (Array.isArray(value)) return value.map(kept);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, kept(member)]));
}

function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  if (DATE in value) return new Date(value[DATE] as number);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revived(member)]));
}

const tokenMismatch = (): Fault =>
  new Fault(
    'IdempotentParameterMismatch',
    'The client token you have provided is associated with a resource, and the parameters of this request differ from those of the one before.',
  );

const tokenTooLong = (): Fault =>
  new Fault('InvalidParameterValue', `A client token may have at most ${MAX_TOKEN_LENGTH} characters.`);
