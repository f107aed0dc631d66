// PutMetricData. Metrics of entities are stored like all others; the entities are not stored.

import { readData } from '../domain/datum.ts';
import { identityKey } from '../domain/identity.ts';
import { nowOf } from '../metrics.ts';
import type { Operation } from '../sdk.ts';

/** Stores all the points or, if one is invalid, none. The points are on disk when it answers. */
export const PutMetricData: Operation<'PutMetricData'> = (cloudwatch, input, context) => {
  const { index, points, clock } = cloudwatch;
  const ofEntities = (input.EntityMetricData ?? []).flatMap(({ MetricData }) => MetricData ?? []);
  const given = [...(input.MetricData ?? []), ...ofEntities];
  const data = readData(input.Namespace, given, clock.now());
  const now = nowOf(cloudwatch);
  const keys = data.map(({ identity }) => identityKey(identity));
  const metrics = index.findOrAdd(context, keys, now);
  points.append(
    data.map(({ resolution, point }, place) => ({ metric: metrics[place]!.id, resolution, point })),
  );
  for (const metric of metrics) metric.lastPutAt = now;
  return {};
};
