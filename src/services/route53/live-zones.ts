// The hosted zones of all accounts in memory, as they were last committed, so that DNS answers need no disk reads.
// records.ts maintains them after each commit; nothing is written from here.

import type { Outcome } from './domain/change-batch.ts';
import { isWithin, nameOfDns, parentOf } from './domain/names.ts';
import { ZoneContents } from './domain/zone-contents.ts';
import type { HostedZoneRecord } from './model.ts';

/** A hosted zone in memory. Only LiveZones changes it. */
export interface LiveZone {
  readonly accountId: string;
  readonly record: Readonly<HostedZoneRecord>;
  readonly contents: ZoneContents;
}

type NameListener = (name: string, isThere: boolean) => void;

/** All hosted zones by id and by name. */
export class LiveZones {
  readonly #byId = new Map<string, LiveZone>();
  readonly #byName = new Map<string, LiveZone[]>();
  readonly #listeners: NameListener[] = [];

  zone(id: string): LiveZone | undefined {
    return this.#byId.get(id);
  }

  /** The zones with this name: private zones first, then by age. */
  named(name: string): readonly LiveZone[] {
    return this.#byName.get(name) ?? [];
  }

  /** The account's zone with the longest name that covers the DNS name; a private zone wins over a public one. */
  covering(accountId: string, dnsName: string): LiveZone | undefined {
    const whole = nameOfDns(dnsName);
    for (let name = whole; name !== ''; name = parentOf(name)) {
      const zone = this.named(name).find((one) => one.accountId === accountId);
      if (zone && isWithin(whole, name)) return zone;
    }
    return undefined;
  }

  /** Calls the listener with every zone name, now and later, and when the last zone of a name is removed. */
  onNames(listener: NameListener): void {
    this.#listeners.push(listener);
    for (const name of this.#byName.keys()) listener(name, true);
  }

  put(accountId: string, record: HostedZoneRecord): void {
    const before = this.#byId.get(record.id);
    const zone = { accountId, record, contents: before?.contents ?? new ZoneContents(record.name) };
    this.#byId.set(record.id, zone);
    const others = this.named(record.name).filter((other) => other !== before);
    this.#byName.set(record.name, [...others, zone].sort(privateFirst));
    if (others.length === 0 && !before) this.#notify(record.name, true);
  }

  remove(id: string): void {
    const zone = this.#byId.get(id);
    if (!zone) return;
    const { name } = zone.record;
    this.#byId.delete(id);
    const left = this.named(name).filter((other) => other !== zone);
    if (left.length > 0) this.#byName.set(name, left);
    else {
      this.#byName.delete(name);
      this.#notify(name, false);
    }
  }

  change(zoneId: string, { put, deleted }: Outcome): void {
    const contents = this.#byId.get(zoneId)?.contents;
    for (const set of deleted) contents?.delete(set);
    for (const set of put) contents?.put(set);
  }

  #notify(name: string, isThere: boolean): void {
    for (const listener of this.#listeners) listener(name, isThere);
  }
}

const privateFirst = ({ record: one }: LiveZone, { record: other }: LiveZone): number =>
  Number(other.isPrivate) - Number(one.isPrivate) ||
  one.createdAt - other.createdAt ||
  (one.id < other.id ? -1 : 1);
