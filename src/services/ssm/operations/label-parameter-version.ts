// LabelParameterVersion and UnlabelParameterVersion. At most one version of a parameter has a given label.

import { labelLimit } from '../faults.ts';
import { latestOf, versionOf } from '../parameters.ts';
import type { Operation } from '../sdk.ts';

const MAX_LABELS = 10;
const LABEL = /^(?!aws|ssm|\d)[A-Za-z_.-][\w.-]{0,99}$/i;

/** Moves the labels to the version. Returns labels of invalid form as invalid; they are not an error. */
export const LabelParameterVersion: Operation<'LabelParameterVersion'> = (ssm, input, context) =>
  ssm.store.transaction(() => {
    const record = ssm.records.parameters.existing(context, input.Name);
    const chosen = input.ParameterVersion ?? latestOf(record).version;
    versionOf(record, String(chosen));
    const valid = input.Labels.filter((label) => LABEL.test(label));
    const versions = record.versions.map((version) => {
      const others = version.labels.filter((label) => !valid.includes(label));
      const labels = version.version === chosen ? [...others, ...new Set(valid)] : others;
      if (labels.length > MAX_LABELS) throw labelLimit(MAX_LABELS);
      return { ...version, labels };
    });
    ssm.records.parameters.put(context, { ...record, versions });
    return {
      InvalidLabels: input.Labels.filter((label) => !valid.includes(label)),
      ParameterVersion: chosen,
    };
  });

/** Returns labels that the version does not have as invalid. Throws ParameterVersionNotFound. */
export const UnlabelParameterVersion: Operation<'UnlabelParameterVersion'> = (ssm, input, context) =>
  ssm.store.transaction(() => {
    const record = ssm.records.parameters.existing(context, input.Name);
    const version = versionOf(record, String(input.ParameterVersion));
    const removed = input.Labels.filter((label) => version.labels.includes(label));
    version.labels = version.labels.filter((label) => !removed.includes(label));
    ssm.records.parameters.put(context, record);
    return {
      RemovedLabels: removed,
      InvalidLabels: input.Labels.filter((label) => !removed.includes(label)),
    };
  });
