// The volumes of instances. They are created and deleted with their instance. Pure.

import { derivedHex } from '../../kernel/ids.ts';
import type { InstanceRecord, VolumeRecord } from './model.ts';

/** The root device of Amazon Linux's images. */
export const ROOT_DEVICE = '/dev/xvda';

/** GiB: the size of Amazon Linux's images. */
export const ROOT_SIZE = 8;

/** An instance without recorded volumes, from an older version of Millpond, has a root volume with a derived id. */
export const volumesOf = ({ instanceId, volumes }: InstanceRecord): readonly VolumeRecord[] =>
  volumes ?? [rootVolume(`vol-0${derivedHex(16, instanceId, 'root')}`)];

/** A root volume with default options. */
export const rootVolume = (volumeId: string): VolumeRecord => ({
  volumeId,
  device: ROOT_DEVICE,
  sizeGiB: ROOT_SIZE,
  type: 'gp3',
  ...performanceOf('gp3', ROOT_SIZE),
  encrypted: false,
  deleteOnTermination: true,
});

/** AWS: the default performance of a type. The throughput is in MiB/s. */
export function performanceOf(type: string, sizeGiB: number): { iops?: number; throughput?: number } {
  if (type === 'gp3') return { iops: 3_000, throughput: 125 };
  if (type === 'gp2') return { iops: Math.min(Math.max(3 * sizeGiB, 100), 16_000) };
  return {};
}
