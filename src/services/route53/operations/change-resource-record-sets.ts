// ChangeResourceRecordSets applies one batch completely or not at all. The DNS server answers with it after the commit.

import { applyBatch } from '../domain/change-batch.ts';
import { zoneNamed } from '../lookup.ts';
import type { Operation } from '../sdk.ts';
import { setOfComputed, viewChange } from '../view.ts';

/** Throws NoSuchHostedZone, InvalidInput, InvalidChangeBatch, NoSuchHealthCheck. */
export const ChangeResourceRecordSets: Operation<'ChangeResourceRecordSets'> = (
  route53,
  { HostedZoneId, ChangeBatch },
  context,
) =>
  route53.store.transaction(() => {
    const zone = zoneNamed(route53, context, HostedZoneId);
    const { record, contents } = zone;
    const owners = new Map(
      route53.records.computedSets(zone).map((set) => [setOfComputed(set).name, set.keeper] as const),
    );
    const outcome = applyBatch(
      {
        id: record.id,
        name: record.name,
        count: contents.count,
        setsAt: (name) => contents.setsAt(name),
        ownerOf: (name) => owners.get(name),
      },
      ChangeBatch.Changes ?? [],
    );
    route53.records.changeSets(context, record.id, outcome);
    return { ChangeInfo: viewChange(route53.records.addChange(context, ChangeBatch.Comment)) };
  });
