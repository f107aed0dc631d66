// What EC2 answers to numbers that its model does not allow, and what the model leaves out.

import { type ConstraintRules, plainPath, type Violation } from '../../wire/violation.ts';
import { outOfRange } from './faults.ts';

/** Only the first is told. */
function refuse([first]: readonly Violation[]) {
  const { breach, shown = '' } = first!;
  const expected = breach?.kind === 'minValue' ? 'greater' : 'smaller';
  return outOfRange(plainPath(first!), shown, expected, Number(breach?.limit));
}

/** Lists whose model has a number and no range. */
const WITHOUT_RANGE = [
  ...['DescribeFleets', 'DescribeFlowLogs', 'DescribeHosts', 'DescribeImages', 'DescribeImportImageTasks'],
  ...['DescribeImportSnapshotTasks', 'DescribeInstanceStatus', 'DescribeInstances', 'DescribePrefixLists'],
  ...['DescribeScheduledInstances', 'DescribeSnapshots', 'DescribeSpotFleetRequests'],
  ...['DescribeSpotInstanceRequests', 'DescribeTags', 'DescribeVolumes', 'DescribeVolumesModifications'],
  ...['DescribeVpcEndpointConnectionNotifications', 'DescribeVpcEndpointConnections'],
  ...['DescribeVpcEndpointServiceConfigurations', 'DescribeVpcEndpointServices', 'DescribeVpcEndpoints'],
];

const PAGE = {
  instead: { min: 5, max: 1_000 },
  because: 'the API reference has the range of most lists in words, and the rest are taken to be like them',
} as const;

export const constraints: ConstraintRules = {
  refuse,
  only: {
    kinds: ['minValue', 'maxValue'],
    because: 'the server tells of enumerations, lengths and patterns case by case, as the operations have it',
  },
  exceptions: Object.fromEntries(WITHOUT_RANGE.map((name) => [`${name}Request.MaxResults`, PAGE])),
};
