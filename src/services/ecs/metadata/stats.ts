// The statistics of a container, in the form of Docker's API, as far as the first process of the container shows them.

import { readFileSync } from 'node:fs';
import type { Task, TaskContainer } from '../domain/model.ts';
import { runtimeId } from '../view.ts';

const MIB = 1024 * 1024;
/** Linux: ticks of a second in /proc. */
const TICKS = 100;

/** `null` once it has ended, as on AWS. `pid` is that of its process on this machine. */
export function statsOf(task: Task, container: TaskContainer, pid: number | undefined): object | null {
  if (pid === undefined) return null;
  const used = memoryOf(pid);
  const nanoseconds = cpuOf(pid);
  return {
    read: new Date().toISOString(),
    id: runtimeId(task, container),
    name: container.name,
    num_procs: 0,
    cpu_stats: { cpu_usage: { total_usage: nanoseconds }, online_cpus: Math.max(1, Number(task.cpu) / 1024) },
    memory_stats: { usage: used, limit: (container.definition.memory ?? Number(task.memory)) * MIB },
    networks: {},
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It has just ended, or this is no Linux.
    return '';
  }
}

const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;

function cpuOf(pid: number): number {
  const fields = textOf(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return ((Number(fields[11]) || 0) + (Number(fields[12]) || 0)) * (1e9 / TICKS);
}
