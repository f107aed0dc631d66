// Every operation of SSM that Millpond has. The wire layer answers that any other is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { Ssm } from './context.ts';
import { DeleteParameter, DeleteParameters } from './operations/delete-parameters.ts';
import { DescribeParameters } from './operations/describe-parameters.ts';
import { GetParameterHistory } from './operations/get-parameter-history.ts';
import { GetParameter, GetParameters } from './operations/get-parameters.ts';
import { GetParametersByPath } from './operations/get-parameters-by-path.ts';
import { DescribeInstanceInformation, GetConnectionStatus } from './operations/instance-information.ts';
import { LabelParameterVersion, UnlabelParameterVersion } from './operations/label-parameter-version.ts';
import { PutParameter } from './operations/put-parameter.ts';
import { DescribeSessions, ResumeSession, StartSession, TerminateSession } from './operations/sessions.ts';
import { AddTagsToResource, ListTagsForResource, RemoveTagsFromResource } from './operations/tags.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, Ssm> = {
  AddTagsToResource,
  DeleteParameter,
  DeleteParameters,
  DescribeInstanceInformation,
  DescribeParameters,
  DescribeSessions,
  GetConnectionStatus,
  GetParameter,
  GetParameterHistory,
  GetParameters,
  GetParametersByPath,
  LabelParameterVersion,
  ListTagsForResource,
  PutParameter,
  RemoveTagsFromResource,
  ResumeSession,
  StartSession,
  TerminateSession,
  UnlabelParameterVersion,
};
