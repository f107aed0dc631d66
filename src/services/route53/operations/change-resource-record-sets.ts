// ChangeResourceRecordSets: one batch, all of it or nothing, answered by the DNS server from the commit on.

import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { applyBatch } from '../domain/change-batch.ts';
import { zoneNamed } from '../lookup.ts';
import type { Route53 } from '../service.ts';
import { setOfComputed, viewChange } from '../view.ts';

export const changeResourceRecordSets =
  (directory: Directory): HandlerOf<Route53, 'ChangeResourceRecordSets'> =>
  ({ HostedZoneId, ChangeBatch }, context) =>
    directory.transaction(() => {
      const zone = zoneNamed(directory, context, HostedZoneId);
      const { record, contents } = zone;
      const keepers = new Map(
        directory.computedSets(zone).map((set) => [setOfComputed(set).name, set.keeper] as const),
      );
      const outcome = applyBatch(
        {
          id: record.id,
          name: record.name,
          count: contents.count,
          setsAt: (name) => contents.setsAt(name),
          keeperOf: (name) => keepers.get(name),
        },
        ChangeBatch.Changes ?? [],
      );
      directory.changeSets(context, record.id, outcome);
      return { ChangeInfo: viewChange(directory.addChange(context, ChangeBatch.Comment)) };
    });
