// The pseudo parameters, such as AWS::Region, which every template can use without a declaration.

import { partitionOf, type Scope } from '../../../aws/scope.ts';
import type { Value } from '../../../control/resource-type.ts';

/** Their names. */
export const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);

/** What the pseudo parameters of a stack are derived from. */
export interface StackIdentity {
  scope: Scope;
  stackName: string;
  stackId: string;
  notificationArns?: readonly string[] | undefined;
}

/** The values of all pseudo parameters except AWS::NoValue, which has none. */
export function pseudoParametersOf(stack: StackIdentity): Map<string, Value> {
  const { accountId, region } = stack.scope;
  return new Map<string, Value>([
    ['AWS::AccountId', accountId],
    ['AWS::NotificationARNs', [...(stack.notificationArns ?? [])]],
    ['AWS::Partition', partitionOf(region)],
    ['AWS::Region', region],
    ['AWS::StackId', stack.stackId],
    ['AWS::StackName', stack.stackName],
    ['AWS::URLSuffix', region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'],
  ]);
}
