// Describe operations of what nobody can make here: hosts, fleets, reservations, images, tasks.
// AWS: the codes are those of EC2's list of error codes, with the spelling that Terraform's provider compares.

import { checkNone, named } from '../none.ts';
import type { Operation } from '../sdk.ts';

export const DescribeBundleTasks: Operation<'DescribeBundleTasks'> = () => ({ BundleTasks: [] });

export const DescribeCapacityReservations: Operation<'DescribeCapacityReservations'> = (_ec2, input) => {
  checkNone(
    input.CapacityReservationIds,
    named('InvalidCapacityReservationId.NotFound', 'capacity reservation ID'),
  );
  return { CapacityReservations: [] };
};

export const DescribeConversionTasks: Operation<'DescribeConversionTasks'> = () => ({ ConversionTasks: [] });

export const DescribeExportTasks: Operation<'DescribeExportTasks'> = () => ({ ExportTasks: [] });

export const DescribeFleets: Operation<'DescribeFleets'> = (_ec2, input) => {
  checkNone(input.FleetIds, named('InvalidFleetId.NotFound', 'fleet ID'));
  return { Fleets: [] };
};

export const DescribeHosts: Operation<'DescribeHosts'> = (_ec2, input) => {
  checkNone(input.HostIds, named('InvalidHostID.NotFound', 'host ID'));
  return { Hosts: [] };
};

export const DescribeImportImageTasks: Operation<'DescribeImportImageTasks'> = () => {
  return { ImportImageTasks: [] };
};

export const DescribeImportSnapshotTasks: Operation<'DescribeImportSnapshotTasks'> = () => {
  return { ImportSnapshotTasks: [] };
};

export const DescribeInstanceConnectEndpoints: Operation<'DescribeInstanceConnectEndpoints'> = (
  _ec2,
  input,
) => {
  checkNone(
    input.InstanceConnectEndpointIds,
    named('InvalidInstanceConnectEndpointId.NotFound', 'instance connect endpoint ID'),
  );
  return { InstanceConnectEndpoints: [] };
};

export const DescribeInstanceEventWindows: Operation<'DescribeInstanceEventWindows'> = () => {
  return { InstanceEventWindows: [] };
};

export const DescribePlacementGroups: Operation<'DescribePlacementGroups'> = (_ec2, input) => {
  checkNone(input.GroupIds, named('InvalidPlacementGroup.Unknown', 'Placement Group'));
  checkNone(input.GroupNames, named('InvalidPlacementGroup.Unknown', 'Placement Group'));
  return { PlacementGroups: [] };
};

export const DescribeReservedInstances: Operation<'DescribeReservedInstances'> = () => ({
  ReservedInstances: [],
});

export const DescribeScheduledInstances: Operation<'DescribeScheduledInstances'> = () => {
  return { ScheduledInstanceSet: [] };
};

export const DescribeSnapshots: Operation<'DescribeSnapshots'> = (_ec2, input) => {
  checkNone(
    input.SnapshotIds,
    named('InvalidSnapshot.NotFound', 'snapshot', 'snap', 'InvalidSnapshotID.Malformed'),
  );
  return { Snapshots: [] };
};

export const DescribeSpotFleetRequests: Operation<'DescribeSpotFleetRequests'> = (_ec2, input) => {
  checkNone(input.SpotFleetRequestIds, named('InvalidSpotFleetRequestId.NotFound', 'spot fleet request ID'));
  return { SpotFleetRequestConfigs: [] };
};

export const DescribeSpotInstanceRequests: Operation<'DescribeSpotInstanceRequests'> = (_ec2, input) => {
  checkNone(
    input.SpotInstanceRequestIds,
    named('InvalidSpotInstanceRequestID.NotFound', 'spot instance request ID'),
  );
  return { SpotInstanceRequests: [] };
};

export const DescribeVolumesModifications: Operation<'DescribeVolumesModifications'> = (_ec2, input) => {
  checkNone(input.VolumeIds, named('InvalidVolumeModification.NotFound', 'modification of the volume'));
  return { VolumesModifications: [] };
};
