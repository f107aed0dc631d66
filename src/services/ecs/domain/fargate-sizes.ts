// The sizes of tasks on Fargate. Source: AWS's developer guide, “Task size” (July 2026). Pure.

const GIB = 1024;
/** A longer text is no size: the expressions below are not for texts of any length. */
const MOST_LETTERS = 32;

/** CPU units -> the values of memory in MiB. */
const SIZES: Readonly<Record<number, readonly number[]>> = {
  256: [512, GIB, 2 * GIB],
  512: inSteps(1, 4, 1),
  1024: inSteps(2, 8, 1),
  2048: inSteps(4, 16, 1),
  4096: inSteps(8, 30, 1),
  8192: inSteps(16, 60, 4),
  16384: inSteps(32, 120, 8),
};

function inSteps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => (first + index * step) * GIB);
}

/** Whether Fargate has tasks of this size. */
export const isFargateSize = (cpu: number, memory: number): boolean => SIZES[cpu]?.includes(memory) ?? false;

/** CPU units: `256`, `.25 vCPU`, `1 vcpu`. `undefined` for another text. */
export function parseCpu(text: string): number | undefined {
  if (text.length > MOST_LETTERS) return undefined;
  const found = /^\s*(?<number>\d*\.?\d+)\s*(?<unit>vcpu)?\s*$/i.exec(text)?.groups;
  if (!found) return undefined;
  const units = Number(found.number) * (found.unit ? GIB : 1);
  return Number.isInteger(units) && units > 0 ? units : undefined;
}

/** MiB: `512`, `0.5GB`, `1 GB`. `undefined` for another text. */
export function parseMemory(text: string): number | undefined {
  if (text.length > MOST_LETTERS) return undefined;
  const found = /^\s*(?<number>\d*\.?\d+)\s*(?<unit>gb)?\s*$/i.exec(text)?.groups;
  if (!found) return undefined;
  const size = Number(found.number) * (found.unit ? GIB : 1);
  return Number.isInteger(size) && size > 0 ? size : undefined;
}
