// The capabilities of this process that networks need. Pure.

/** Their bits (linux/capability.h). */
const BITS = { NET_ADMIN: 12n, SYS_ADMIN: 21n } as const;

/** Those of these capabilities that a process lacks. `status` is the text of its /proc/PID/status. */
export function lackingCapabilities(
  names: readonly (keyof typeof BITS)[],
  status: string,
): (keyof typeof BITS)[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return names.filter((name) => ((effective >> BITS[name]) & 1n) === 0n);
}
