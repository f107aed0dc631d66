// SSM, of which Millpond has the Parameter Store: values under names, with versions, labels and secrets, and AWS's
// public parameters for machine images. No documents, no sessions, no agents.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import { deleteParameter, deleteParameters } from './operations/delete-parameters.ts';
import { describeParameters } from './operations/describe-parameters.ts';
import { getParameterHistory } from './operations/get-parameter-history.ts';
import { getParameter, getParameters } from './operations/get-parameters.ts';
import { getParametersByPath } from './operations/get-parameters-by-path.ts';
import { labelParameterVersion, unlabelParameterVersion } from './operations/label-parameter-version.ts';
import { putParameter } from './operations/put-parameter.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './operations/tags.ts';
import { openParameters } from './parameters.ts';
import { createSeal } from './seal.ts';

export type Ssm = typeof import('@aws-sdk/client-ssm');

/** `secret` is the instance's; SecureStrings are unreadable without it. */
export function createSsm({ store, clock, secret }: { store: Store; clock: Clock; secret: string }): Service {
  const parameters = openParameters(store, clock, createSeal(secret));
  return defineService<Ssm>(
    'ssm',
    {
      AddTagsToResource: addTagsToResource(parameters),
      DeleteParameter: deleteParameter(parameters),
      DeleteParameters: deleteParameters(parameters),
      DescribeParameters: describeParameters(parameters),
      GetParameter: getParameter(parameters),
      GetParameterHistory: getParameterHistory(parameters),
      GetParameters: getParameters(parameters),
      GetParametersByPath: getParametersByPath(parameters),
      LabelParameterVersion: labelParameterVersion(parameters),
      ListTagsForResource: listTagsForResource(parameters),
      PutParameter: putParameter(parameters),
      RemoveTagsFromResource: removeTagsFromResource(parameters),
      UnlabelParameterVersion: unlabelParameterVersion(parameters),
    },
    { constraints },
  );
}
