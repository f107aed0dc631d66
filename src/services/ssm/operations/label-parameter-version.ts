// LabelParameterVersion and UnlabelParameterVersion: a label is on one version of a parameter at most.

import type { HandlerOf } from '../../../wire/service.ts';
import { labelLimit } from '../faults.ts';
import { latestOf, type Parameters, versionOf } from '../parameters.ts';
import type { Ssm } from '../service.ts';

const MAX_LABELS = 10;
const LABEL = /^(?!aws|ssm|\d)[A-Za-z_.-][\w.-]{0,99}$/i;

export function labelParameterVersion(parameters: Parameters): HandlerOf<Ssm, 'LabelParameterVersion'> {
  return (input, context) =>
    parameters.transaction(() => {
      const record = parameters.own.existing(context, input.Name);
      const chosen = input.ParameterVersion ?? latestOf(record).version;
      versionOf(record, String(chosen));
      const valid = input.Labels.filter((label) => LABEL.test(label));
      const versions = record.versions.map((version) => {
        const others = version.labels.filter((label) => !valid.includes(label));
        const labels = version.version === chosen ? [...others, ...new Set(valid)] : others;
        if (labels.length > MAX_LABELS) throw labelLimit(MAX_LABELS);
        return { ...version, labels };
      });
      parameters.own.put(context, { ...record, versions });
      return {
        InvalidLabels: input.Labels.filter((label) => !valid.includes(label)),
        ParameterVersion: chosen,
      };
    });
}

export function unlabelParameterVersion(parameters: Parameters): HandlerOf<Ssm, 'UnlabelParameterVersion'> {
  return (input, context) =>
    parameters.transaction(() => {
      const record = parameters.own.existing(context, input.Name);
      const version = versionOf(record, String(input.ParameterVersion));
      const removed = input.Labels.filter((label) => version.labels.includes(label));
      version.labels = version.labels.filter((label) => !removed.includes(label));
      parameters.own.put(context, record);
      return {
        RemovedLabels: removed,
        InvalidLabels: input.Labels.filter((label) => !removed.includes(label)),
      };
    });
}
