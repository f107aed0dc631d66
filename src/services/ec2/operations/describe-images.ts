// DescribeImages: the images of Amazon Linux that SSM's public parameters name. Any other well-formed id counts as an
// existing image, since templates contain ids of AWS's real images; Millpond knows nothing else about it.

import type { Image } from '@aws-sdk/client-ec2';
import { type MachineImage, machineImagesOf } from '../../../aws/machine-images.ts';
import { derivedHex } from '../../../kernel/ids.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import { IMAGE } from '../resource-kinds.ts';
import { checkForm } from '../resources.ts';
import type { Operation } from '../sdk.ts';
import { ROOT_SIZE } from '../volumes.ts';

const OWNER = '137112412989';

/** All images belong to Amazon; other owners have none. */
export const DescribeImages: Operation<'DescribeImages'> = async (_ec2, input, context) => {
  const known = machineImagesOf(context.region);
  const asked = input.ImageIds ?? [];
  for (const id of asked) checkForm(IMAGE, id);
  const unknown = asked.filter((id) => !known.some((image) => image.imageId === id)).map(someImage);
  const owners = input.Owners ?? [];
  const isOwned = owners.length === 0 || owners.includes('amazon') || owners.includes(OWNER);
  const all = isOwned ? [...known, ...unknown] : [];
  const ids = isOwned ? asked : [];
  const { items, nextToken } = await select(all, DESCRIBABLE, selectionOf(input, ids), () => ({}));
  return { Images: items.map(view), NextToken: nextToken };
};

const someImage = (imageId: string): MachineImage => ({
  imageId,
  name: imageId,
  description: 'An image that Millpond does not know',
  architecture: 'x86_64',
  rootDeviceName: '/dev/xvda',
  createdAt: '2025-01-01T00:00:00.000Z',
  parameters: [],
});

const volumeTypeOf = (image: MachineImage) => (image.name.startsWith('al2023') ? 'gp3' : 'gp2');

const view = (image: MachineImage): Image => ({
  ImageId: image.imageId,
  Name: image.name,
  Description: image.description,
  Architecture: image.architecture,
  CreationDate: image.createdAt,
  ImageLocation: `amazon/${image.name}`,
  ImageOwnerAlias: 'amazon',
  ImageType: 'machine',
  OwnerId: OWNER,
  Public: true,
  State: 'available',
  Hypervisor: 'xen',
  VirtualizationType: 'hvm',
  RootDeviceName: image.rootDeviceName,
  RootDeviceType: 'ebs',
  EnaSupport: true,
  PlatformDetails: 'Linux/UNIX',
  UsageOperation: 'RunInstances',
  BlockDeviceMappings: [
    {
      DeviceName: image.rootDeviceName,
      Ebs: {
        SnapshotId: `snap-0${derivedHex(16, image.imageId)}`,
        VolumeSize: ROOT_SIZE,
        VolumeType: volumeTypeOf(image),
        DeleteOnTermination: true,
        Encrypted: false,
      },
    },
  ],
  Tags: [],
});

const DESCRIBABLE: Describable<MachineImage> = {
  kind: IMAGE,
  idParameter: 'ImageIds',
  idOf: (image) => image.imageId,
  filters: {
    architecture: (image) => image.architecture,
    'creation-date': (image) => image.createdAt,
    description: (image) => image.description,
    'ena-support': () => true,
    hypervisor: () => 'xen',
    'image-id': (image) => image.imageId,
    'image-type': () => 'machine',
    'is-public': () => true,
    name: (image) => image.name,
    'owner-alias': () => 'amazon',
    'owner-id': () => OWNER,
    platform: () => undefined,
    'root-device-type': () => 'ebs',
    'block-device-mapping.volume-type': volumeTypeOf,
    state: () => 'available',
    'virtualization-type': () => 'hvm',
  },
};
