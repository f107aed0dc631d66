// PutMetricData. What belongs to an entity is kept as any other metric, and the entity is not.

import { type CloudWatch, nowOf, type Operation } from '../cloudwatch.ts';
import { readData } from '../domain/datum.ts';
import { identityKey } from '../domain/identity.ts';

export function putMetricData(cloudwatch: CloudWatch): Operation<'PutMetricData'> {
  const { index, points, clock } = cloudwatch;
  return (input, context) => {
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
}
