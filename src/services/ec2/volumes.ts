// The volumes of instances: a root, and those that were asked for. They live and end with their instance. Pure.

import { derivedHex } from '../../kernel/ids.ts';
import type { InstanceRecord, VolumeRecord } from './model.ts';

export const ROOT_DEVICE = '/dev/xvda';

/** GiB, as Amazon Linux's images have it. */
export const ROOT_SIZE = 8;

/** An instance of before volumes were recorded has its root. */
export const volumesOf = ({ instanceId, volumes }: InstanceRecord): readonly VolumeRecord[] =>
  volumes ?? [rootVolume(`vol-0${derivedHex(16, instanceId, 'root')}`)];

export const rootVolume = (volumeId: string): VolumeRecord => ({
  volumeId,
  device: ROOT_DEVICE,
  sizeGiB: ROOT_SIZE,
  type: 'gp3',
  ...performanceOf('gp3', ROOT_SIZE),
  encrypted: false,
  deleteOnTermination: true,
});

/** AWS: what a volume has where nothing else is asked for; MiB/s for the throughput. */
export function performanceOf(type: string, sizeGiB: number): { iops?: number; throughput?: number } {
  if (type === 'gp3') return { iops: 3_000, throughput: 125 };
  if (type === 'gp2') return { iops: Math.min(Math.max(3 * sizeGiB, 100), 16_000) };
  return {};
}
