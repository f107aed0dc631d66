// How EC2 words the refusal of numbers that its model does not allow, and the bounds that the model leaves out.

import { type ConstraintRules, plainPath, type Violation } from '../../wire/violation.ts';
import { outOfRange } from './faults.ts';

/** AWS: reports only the first violation. */
function refuse([first]: readonly Violation[]) {
  const { breach, shown = '' } = first!;
  const expected = breach?.kind === 'minValue' ? 'greater' : 'smaller';
  return outOfRange(plainPath(first!), shown, expected, Number(breach?.limit));
}

/** Lists whose MaxResults has no range in the model. */
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
  because: 'the API reference gives this range for most lists, and the rest are assumed to have it too',
} as const;

/** EC2's exceptions to its model, and its validation errors. */
export const constraints: ConstraintRules = {
  refuse,
  only: {
    kinds: ['minValue', 'maxValue'],
    because:
      'the server words violations of enumerations, lengths and patterns differently in each operation',
  },
  exceptions: {
    ...Object.fromEntries(WITHOUT_RANGE.map((name) => [`${name}Request.MaxResults`, PAGE])),
    'DescribeLaunchTemplateVersionsRequest.MaxResults': {
      instead: { min: 1, max: 200 },
      because: 'the API reference gives this range',
    },
  },
};
