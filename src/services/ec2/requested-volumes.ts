// The volumes that RunInstances requests, and the root volume that every instance has.

import type { BlockDeviceMapping } from '@aws-sdk/client-ec2';
import { Fault } from '../../wire/fault.ts';
import { invalidValue, missingParameter } from './faults.ts';
import { LIMITS } from './limits.ts';
import type { VolumeRecord } from './model.ts';
import { unsupported } from './network-faults.ts';
import { newId, VOLUME } from './resource-kinds.ts';
import { performanceOf, ROOT_DEVICE, rootVolume } from './volumes.ts';

/** Type -> GiB. AWS: the minimum and maximum size. */
const SIZES: Record<string, [least: number, most: number]> = {
  gp2: [1, 16_384],
  gp3: [1, 16_384],
  io1: [4, 16_384],
  io2: [4, 65_536],
  sc1: [125, 16_384],
  st1: [125, 16_384],
  standard: [1, 1_024],
};

const WITH_IOPS = new Set(['gp3', 'io1', 'io2']);

/** Each call makes new ids. Throws the fault of an invalid mapping. */
export function requestedVolumes(mappings: readonly BlockDeviceMapping[] | undefined): VolumeRecord[] {
  const given = mappings ?? [];
  if (given.length > LIMITS.volumesPerInstance) throw tooManyVolumes();
  const asked = given.flatMap((mapping) => {
    const device = mapping.DeviceName;
    if (!device) throw missingParameter('deviceName');
    // AWS: NoDevice leaves out a device of the image. Images here have only the root, which cannot be left out.
    if (mapping.NoDevice !== undefined || mapping.VirtualName) return [];
    return [volumeOf(device, mapping.Ebs ?? {})];
  });
  const devices = asked.map((one) => one.device);
  if (new Set(devices).size < devices.length) throw invalidValue(devices.join(', '), 'deviceName');
  const root = devices.includes(ROOT_DEVICE) ? [] : [rootVolume(newId(VOLUME))];
  return [...root, ...asked];
}

function volumeOf(device: string, ebs: NonNullable<BlockDeviceMapping['Ebs']>): VolumeRecord {
  if (ebs.OutpostArn) throw unsupported('Outposts');
  const type: string = ebs.VolumeType ?? (device === ROOT_DEVICE ? 'gp3' : 'gp2');
  const sizes = Object.hasOwn(SIZES, type) ? SIZES[type] : undefined;
  if (!sizes) throw invalidValue(type, 'volumeType');
  const isRoot = device === ROOT_DEVICE;
  const root = rootVolume(newId(VOLUME));
  const sizeGiB = ebs.VolumeSize ?? (isRoot || ebs.SnapshotId ? root.sizeGiB : undefined);
  if (sizeGiB === undefined) throw missingParameter('size or snapshotId');
  if (!Number.isInteger(sizeGiB) || sizeGiB < sizes[0] || sizeGiB > sizes[1]) {
    throw new Fault(
      'InvalidParameterValue',
      `Volume of ${sizeGiB}GiB is ${sizeGiB < sizes[0] ? 'too small' : 'too large'} for volume type ${type}; ${sizeGiB < sizes[0] ? `minimum is ${sizes[0]}` : `maximum is ${sizes[1]}`}GiB.`,
    );
  }
  if (isRoot && sizeGiB < root.sizeGiB) throw smallerThanSnapshot(sizeGiB, root.sizeGiB);
  if (ebs.Iops !== undefined && !WITH_IOPS.has(type)) throw notOfType('iops', type);
  if (ebs.Iops === undefined && type.startsWith('io')) throw missingParameter('iops');
  if (ebs.Throughput !== undefined && type !== 'gp3') throw notOfType('throughput', type);
  return {
    volumeId: root.volumeId,
    device,
    sizeGiB,
    type,
    ...performanceOf(type, sizeGiB),
    ...(ebs.Iops !== undefined && { iops: ebs.Iops }),
    ...(ebs.Throughput !== undefined && { throughput: ebs.Throughput }),
    encrypted: ebs.Encrypted === true || ebs.KmsKeyId !== undefined,
    ...(ebs.KmsKeyId !== undefined && { kmsKeyId: ebs.KmsKeyId }),
    ...(ebs.SnapshotId !== undefined && { snapshotId: ebs.SnapshotId }),
    deleteOnTermination: ebs.DeleteOnTermination ?? true,
  };
}

const tooManyVolumes = (): Fault =>
  new Fault('AttachmentLimitExceeded', 'The maximum number of volumes of an instance has been reached.');

const smallerThanSnapshot = (size: number, least: number): Fault =>
  new Fault(
    'InvalidBlockDeviceMapping',
    `Volume of size ${size}GB is smaller than snapshot, expect size >= ${least}GB`,
  );

const notOfType = (parameter: string, type: string): Fault =>
  new Fault(
    'InvalidParameterCombination',
    `The parameter ${parameter} is not supported for ${type} volumes.`,
  );
