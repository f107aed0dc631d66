// The hosted zones of every account in memory, as they were last committed, so that a name is answered without
// reading the disk. Kept by the directory; never written through.

import type { Outcome } from './domain/change-batch.ts';
import { isWithin, nameOfDns, parentOf } from './domain/names.ts';
import { ZoneContents } from './domain/zone-contents.ts';
import type { HostedZoneRecord } from './model.ts';

/** Nothing in it may be changed. */
export interface LiveZone {
  readonly accountId: string;
  readonly record: Readonly<HostedZoneRecord>;
  readonly contents: ZoneContents;
}

type NameListener = (name: string, isThere: boolean) => void;

export class LiveZones {
  readonly #byId = new Map<string, LiveZone>();
  readonly #byName = new Map<string, LiveZone[]>();
  readonly #listeners: NameListener[] = [];

  zone(id: string): LiveZone | undefined {
    return this.#byId.get(id);
  }

  /** Private ones first, then the older. */
  named(name: string): readonly LiveZone[] {
    return this.#byName.get(name) ?? [];
  }

  /** The account's zone with the longest name that the DNS name lies in; of two the private one. */
  covering(accountId: string, dnsName: string): LiveZone | undefined {
    const whole = nameOfDns(dnsName);
    for (let name = whole; name !== ''; name = parentOf(name)) {
      const zone = this.named(name).find((one) => one.accountId === accountId);
      if (zone && isWithin(whole, name)) return zone;
    }
    return undefined;
  }

  /** Called with every name that zones have, now and from now on, and when a name has none any more. */
  onNames(listener: NameListener): void {
    this.#listeners.push(listener);
    for (const name of this.#byName.keys()) listener(name, true);
  }

  remember(accountId: string, record: HostedZoneRecord): void {
    const before = this.#byId.get(record.id);
    const zone = { accountId, record, contents: before?.contents ?? new ZoneContents(record.name) };
    this.#byId.set(record.id, zone);
    const others = this.named(record.name).filter((other) => other !== before);
    this.#byName.set(record.name, [...others, zone].sort(privateFirst));
    if (others.length === 0 && !before) this.#tell(record.name, true);
  }

  forget(id: string): void {
    const zone = this.#byId.get(id);
    if (!zone) return;
    const { name } = zone.record;
    this.#byId.delete(id);
    const left = this.named(name).filter((other) => other !== zone);
    if (left.length > 0) this.#byName.set(name, left);
    else {
      this.#byName.delete(name);
      this.#tell(name, false);
    }
  }

  change(zoneId: string, { put, deleted }: Outcome): void {
    const contents = this.#byId.get(zoneId)?.contents;
    for (const set of deleted) contents?.delete(set);
    for (const set of put) contents?.put(set);
  }

  #tell(name: string, isThere: boolean): void {
    for (const listener of this.#listeners) listener(name, isThere);
  }
}

const privateFirst = ({ record: one }: LiveZone, { record: other }: LiveZone): number =>
  Number(other.isPrivate) - Number(one.isPrivate) ||
  one.createdAt - other.createdAt ||
  (one.id < other.id ? -1 : 1);
