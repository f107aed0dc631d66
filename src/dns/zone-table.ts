// The table of zones: finds the zone with the longest suffix that owns a name. Does not read records.

import type { Zone, ZoneTable } from './zone.ts';

/** A zone table with lookup, for the server. */
export interface Zones extends ZoneTable {
  /** The zone that answers for a name (lower case, no final dot); `undefined` when none does. */
  zoneOf(name: string): Zone | undefined;
}

/** An empty table. Several zones may have the same suffix. */
export function createZoneTable(): Zones {
  const bySuffix = new Map<string, Zone[]>();

  return {
    add(zone) {
      const zones = bySuffix.get(zone.suffix);
      if (zones?.includes(zone)) return;
      bySuffix.set(zone.suffix, [...(zones ?? []), zone]);
    },
    remove(zone) {
      const left = (bySuffix.get(zone.suffix) ?? []).filter((other) => other !== zone);
      if (left.length > 0) bySuffix.set(zone.suffix, left);
      else bySuffix.delete(zone.suffix);
    },
    zoneOf(name) {
      for (let suffix = name; suffix !== ''; suffix = parentOf(suffix)) {
        const owner = bySuffix.get(suffix)?.find((zone) => zone.owns?.(name) ?? true);
        if (owner) return owner;
      }
      return undefined;
    },
  };
}

function parentOf(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1);
}
