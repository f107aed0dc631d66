// Describe operations of other resources that Millpond cannot create: hosts, fleets, reservations, images and tasks.
//
// AWS: the codes are those of EC2's list of error codes, in the spelling that Terraform's provider compares.

import { naming, refuseIds } from '../absent-features.ts';
import type { Operation } from '../sdk.ts';

export const DescribeBundleTasks: Operation<'DescribeBundleTasks'> = () => ({ BundleTasks: [] });

export const DescribeCapacityReservations: Operation<'DescribeCapacityReservations'> = (_ec2, input) => {
  refuseIds(
    input.CapacityReservationIds,
    naming('InvalidCapacityReservationId.NotFound', 'capacity reservation ID'),
  );
  return { CapacityReservations: [] };
};

export const DescribeConversionTasks: Operation<'DescribeConversionTasks'> = () => ({ ConversionTasks: [] });

export const DescribeExportTasks: Operation<'DescribeExportTasks'> = () => ({ ExportTasks: [] });

export const DescribeFleets: Operation<'DescribeFleets'> = (_ec2, input) => {
  refuseIds(input.FleetIds, naming('InvalidFleetId.NotFound', 'fleet ID'));
  return { Fleets: [] };
};

export const DescribeHosts: Operation<'DescribeHosts'> = (_ec2, input) => {
  refuseIds(input.HostIds, naming('InvalidHostID.NotFound', 'host ID'));
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
  refuseIds(
    input.InstanceConnectEndpointIds,
    naming('InvalidInstanceConnectEndpointId.NotFound', 'instance connect endpoint ID'),
  );
  return { InstanceConnectEndpoints: [] };
};

export const DescribeInstanceEventWindows: Operation<'DescribeInstanceEventWindows'> = () => {
  return { InstanceEventWindows: [] };
};

export const DescribePlacementGroups: Operation<'DescribePlacementGroups'> = (_ec2, input) => {
  refuseIds(input.GroupIds, naming('InvalidPlacementGroup.Unknown', 'Placement Group'));
  refuseIds(input.GroupNames, naming('InvalidPlacementGroup.Unknown', 'Placement Group'));
  return { PlacementGroups: [] };
};

export const DescribeReservedInstances: Operation<'DescribeReservedInstances'> = () => ({
  ReservedInstances: [],
});

export const DescribeScheduledInstances: Operation<'DescribeScheduledInstances'> = () => {
  return { ScheduledInstanceSet: [] };
};

export const DescribeSnapshots: Operation<'DescribeSnapshots'> = (_ec2, input) => {
  refuseIds(
    input.SnapshotIds,
    naming('InvalidSnapshot.NotFound', 'snapshot', 'snap', 'InvalidSnapshotID.Malformed'),
  );
  return { Snapshots: [] };
};

export const DescribeSpotFleetRequests: Operation<'DescribeSpotFleetRequests'> = (_ec2, input) => {
  refuseIds(input.SpotFleetRequestIds, naming('InvalidSpotFleetRequestId.NotFound', 'spot fleet request ID'));
  return { SpotFleetRequestConfigs: [] };
};

export const DescribeSpotInstanceRequests: Operation<'DescribeSpotInstanceRequests'> = (_ec2, input) => {
  refuseIds(
    input.SpotInstanceRequestIds,
    naming('InvalidSpotInstanceRequestID.NotFound', 'spot instance request ID'),
  );
  return { SpotInstanceRequests: [] };
};

export const DescribeVolumesModifications: Operation<'DescribeVolumesModifications'> = (_ec2, input) => {
  refuseIds(input.VolumeIds, naming('InvalidVolumeModification.NotFound', 'modification of the volume'));
  return { VolumesModifications: [] };
};
