// A table of common instance types: family, architecture, sizes. Pure.

/** What DescribeInstanceTypes returns of a type. */
export interface InstanceType {
  name: string;
  vcpus: number;
  memoryMiB: number;
  architecture: 'arm64' | 'x86_64';
  burstable: boolean;
}

// Family, architecture, GiB of memory for each vCPU. `large` has two vCPUs. `t` families also have small sizes.
const FAMILIES = `
  t2 x86_64 4   t3 x86_64 4   t3a x86_64 4  t4g arm64 4
  m4 x86_64 4   m5 x86_64 4   m5a x86_64 4  m6i x86_64 4  m6a x86_64 4  m6g arm64 4  m7i x86_64 4  m7g arm64 4  m8g arm64 4
  c4 x86_64 1.875  c5 x86_64 2  c5a x86_64 2  c6i x86_64 2  c6g arm64 2  c7i x86_64 2  c7g arm64 2  c8g arm64 2
  r4 x86_64 7.625  r5 x86_64 8  r6i x86_64 8  r6g arm64 8  r7i x86_64 8  r7g arm64 8  r8g arm64 8
`;

/** Sizes whose memory does not follow the family's rule. */
const SMALL: [size: string, vcpus: number, memoryGiB: number][] = [
  ['nano', 2, 0.5],
  ['micro', 2, 1],
  ['small', 2, 2],
  ['medium', 2, 4],
];
const LARGE: [size: string, vcpus: number][] = [
  ['large', 2],
  ['xlarge', 4],
  ['2xlarge', 8],
  ['4xlarge', 16],
];

const OLDEST: InstanceType[] = [
  { name: 'm1.small', vcpus: 1, memoryMiB: 1740, architecture: 'x86_64', burstable: false },
  { name: 't1.micro', vcpus: 1, memoryMiB: 627, architecture: 'x86_64', burstable: true },
];

/** The types that lists show. */
export const INSTANCE_TYPES: readonly InstanceType[] = [
  ...OLDEST,
  ...[...FAMILIES.matchAll(/(\S+) (x86_64|arm64) ([\d.]+)/g)].flatMap(([, family, architecture, memory]) =>
    familyOf(family!, architecture as 'arm64' | 'x86_64', Number(memory)),
  ),
];

const byName = new Map(INSTANCE_TYPES.map((type) => [type.name, type]));

/** `undefined` if the type is not in the table; AWS may still have it. */
export const instanceTypeOf = (name: string): InstanceType | undefined => byName.get(name);

/** Whether the name has the right form. AWS adds types all the time, so RunInstances accepts any such name. */
export const isInstanceTypeName = (name: string): boolean =>
  /^[a-z][a-z0-9-]{1,20}\.[a-z0-9-]{2,20}$/.test(name);

function familyOf(family: string, architecture: 'arm64' | 'x86_64', memoryPerVcpu: number): InstanceType[] {
  const burstable = family.startsWith('t');
  const type = (size: string, vcpus: number, memoryGiB: number): InstanceType => ({
    name: `${family}.${size}`,
    // AWS: the small sizes of t2 have one vCPU.
    vcpus: family === 't2' && ['nano', 'micro', 'small'].includes(size) ? 1 : vcpus,
    memoryMiB: memoryGiB * 1024,
    architecture,
    burstable,
  });
  const large = LARGE.map(([size, vcpus]) => type(size, vcpus, vcpus * memoryPerVcpu));
  return burstable ? [...SMALL.map((row) => type(...row)), ...large.slice(0, 3)] : large;
}
