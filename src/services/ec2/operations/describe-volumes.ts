// DescribeVolumes: the volumes of instances. They are created and deleted with their instance; no other volumes can
// be created.

import type { Volume } from '@aws-sdk/client-ec2';
import { listTags } from '../../../aws/tags.ts';
import { type Describable, partsOf, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { InstanceRecord, VolumeRecord } from '../model.ts';
import { VOLUME } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { volumesOf } from '../volumes.ts';

interface Attached {
  volume: VolumeRecord;
  instance: InstanceRecord;
}

export const DescribeVolumes: Operation<'DescribeVolumes'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const { instances } = ec2.records;
  const volumes = partsOf(recordsOf(instances, context, { indexes: { 'volume-id': 'volume' } }), {
    find: (id) =>
      instances
        .by(context, 'volume', id)
        .flatMap(attachedTo)
        .find(({ volume }) => volume.volumeId === id),
    parts: attachedTo,
  });
  const ofInstance = {
    ...volumes,
    byFilter: (name: string, values: readonly string[]) =>
      name === 'attachment.instance-id'
        ? values.flatMap((id) => instances.find(context, id) ?? []).flatMap(attachedTo)
        : volumes.byFilter?.(name, values),
  };
  const { items, nextToken } = await select(
    ofInstance,
    DESCRIBABLE,
    selectionOf(input, input.VolumeIds),
    tagsOf,
  );
  return {
    Volumes: items.map((one) => view(one, tagsOf(one.volume.volumeId))),
    NextToken: nextToken,
  };
};

const attachedTo = (instance: InstanceRecord): Attached[] =>
  instance.state === 'terminated'
    ? []
    : volumesOf(instance)
        .map((volume) => ({ volume, instance }))
        .sort((a, b) => (a.volume.volumeId < b.volume.volumeId ? -1 : 1));

const createdAt = ({ instance }: Attached): Date => new Date(instance.launchedAt);

const view = ({ volume, instance }: Attached, tags: Record<string, string>): Volume => ({
  VolumeId: volume.volumeId,
  VolumeType: volume.type as 'gp3',
  Size: volume.sizeGiB,
  Iops: volume.iops,
  Throughput: volume.throughput,
  Encrypted: volume.encrypted,
  KmsKeyId: volume.kmsKeyId,
  SnapshotId: volume.snapshotId ?? '',
  AvailabilityZone: instance.zone,
  CreateTime: createdAt({ volume, instance }),
  State: 'in-use',
  MultiAttachEnabled: false,
  Attachments: [
    {
      VolumeId: volume.volumeId,
      InstanceId: instance.instanceId,
      Device: volume.device,
      State: 'attached',
      AttachTime: createdAt({ volume, instance }),
      DeleteOnTermination: volume.deleteOnTermination,
    },
  ],
  Tags: listTags(tags),
});

const DESCRIBABLE: Describable<Attached> = {
  kind: VOLUME,
  idParameter: 'VolumeIds',
  idOf: ({ volume }) => volume.volumeId,
  sortKeyOf: ({ volume, instance }) => `${instance.instanceId} ${volume.volumeId}`,
  filters: {
    'attachment.attach-time': (one) => createdAt(one).toISOString(),
    'attachment.delete-on-termination': ({ volume }) => volume.deleteOnTermination,
    'attachment.device': ({ volume }) => volume.device,
    'attachment.instance-id': ({ instance }) => instance.instanceId,
    'attachment.status': () => 'attached',
    'availability-zone': ({ instance }) => instance.zone,
    'create-time': (one) => createdAt(one).toISOString(),
    encrypted: ({ volume }) => volume.encrypted,
    'multi-attach-enabled': () => false,
    size: ({ volume }) => volume.sizeGiB,
    'snapshot-id': ({ volume }) => volume.snapshotId,
    status: () => 'in-use',
    'volume-id': ({ volume }) => volume.volumeId,
    'volume-type': ({ volume }) => volume.type,
  },
};
