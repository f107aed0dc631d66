// AWS::Lambda::Permission, AWS::Lambda::Url and AWS::Lambda::EventInvokeConfig, which belong to a function.

import { physicalName } from '../../../control/physical-name.ts';
import { createOnce, isRefused, unless } from '../../../control/resource-attempts.ts';
import {
  flagOf,
  listOf,
  numberOf,
  objectOf,
  requiredText,
  textOf,
} from '../../../control/resource-properties.ts';
import type { ExistingResource, Properties, ResourceType } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import { readFunctionName } from '../domain/names.ts';
import { EXISTS, GONE } from '../faults.ts';
import type { Input, Sdk } from '../sdk.ts';

type Lambda = Client<Sdk>;

const LONGEST_STATEMENT_ID = 100;

const PERMISSION_TEXTS = [
  'SourceArn',
  'SourceAccount',
  'EventSourceToken',
  'FunctionUrlAuthType',
  'PrincipalOrgID',
];

/** The resource type of permissions. */
export const permissionType = (lambda: Lambda): ResourceType => ({
  name: 'AWS::Lambda::Permission',

  async create(request) {
    const { scope, properties, isRetry } = request;
    const viaUrl = flagOf(properties, 'InvokedViaFunctionUrl');
    const input = {
      FunctionName: requiredText(properties, 'FunctionName'),
      StatementId: physicalName(request, { maxLength: LONGEST_STATEMENT_ID }),
      Action: requiredText(properties, 'Action'),
      Principal: requiredText(properties, 'Principal'),
      ...Object.fromEntries(
        PERMISSION_TEXTS.flatMap((name) => {
          const text = textOf(properties, name);
          return text === undefined ? [] : [[name, text]];
        }),
      ),
      ...(viaUrl !== undefined && { InvokedViaFunctionUrl: viaUrl }),
    };
    await createOnce(
      { isRetry },
      EXISTS,
      lambda.call('AddPermission', input as Input<'AddPermission'>, scope),
    );
    return { physicalId: input.StatementId, attributes: { Id: input.StatementId } };
  },

  async delete({ scope, properties, physicalId }) {
    const input = { FunctionName: requiredText(properties, 'FunctionName'), StatementId: physicalId };
    await unless(GONE, lambda.call('RemovePermission', input, scope));
  },
});

/** The resource type of function URLs. */
export const urlType = (lambda: Lambda): ResourceType => ({
  name: 'AWS::Lambda::Url',

  async create({ scope, properties, isRetry }) {
    const target = targetOf(properties);
    try {
      const input = { ...target, ...urlSettings(properties) } as Input<'CreateFunctionUrlConfig'>;
      return urlState(await lambda.call('CreateFunctionUrlConfig', input, scope));
    } catch (error) {
      if (!isRetry || !isRefused(error, EXISTS)) throw error;
      return urlState(await lambda.call('GetFunctionUrlConfig', target, scope));
    }
  },

  async update({ scope, properties }: ExistingResource) {
    const input = { ...targetOf(properties), Cors: {}, ...urlSettings(properties) };
    return urlState(
      await lambda.call('UpdateFunctionUrlConfig', input as Input<'UpdateFunctionUrlConfig'>, scope),
    );
  },

  async delete({ scope, properties }) {
    await unless(GONE, lambda.call('DeleteFunctionUrlConfig', targetOf(properties), scope));
  },
});

/** The physical id, and so the value of Ref, is the function's ARN. */
const urlState = ({
  FunctionArn,
  FunctionUrl,
}: {
  FunctionArn?: string | undefined;
  FunctionUrl?: string | undefined;
}) => ({
  physicalId: FunctionArn!,
  attributes: { FunctionArn: FunctionArn!, FunctionUrl: FunctionUrl! },
});

function targetOf(properties: Properties) {
  const qualifier = textOf(properties, 'Qualifier');
  return {
    FunctionName: requiredText(properties, 'TargetFunctionArn'),
    ...(qualifier !== undefined && { Qualifier: qualifier }),
  };
}

function urlSettings(properties: Properties) {
  const cors = objectOf(properties, 'Cors');
  return {
    AuthType: requiredText(properties, 'AuthType'),
    ...(textOf(properties, 'InvokeMode') !== undefined && { InvokeMode: textOf(properties, 'InvokeMode') }),
    ...(cors && {
      Cors: {
        ...Object.fromEntries(
          ['AllowHeaders', 'AllowMethods', 'AllowOrigins', 'ExposeHeaders'].flatMap((name) => {
            const list = listOf(cors, name);
            return list ? [[name, list]] : [];
          }),
        ),
        AllowCredentials: flagOf(cors, 'AllowCredentials'),
        MaxAge: numberOf(cors, 'MaxAge'),
      },
    }),
  };
}

/** The resource type of asynchronous invocation settings. */
export const eventInvokeConfigType = (lambda: Lambda): ResourceType => {
  const put = async ({ scope, properties }: Pick<ExistingResource, 'scope' | 'properties'>) => {
    const FunctionName = requiredText(properties, 'FunctionName');
    const Qualifier = requiredText(properties, 'Qualifier');
    const input = {
      ...{ FunctionName, Qualifier },
      MaximumRetryAttempts: numberOf(properties, 'MaximumRetryAttempts'),
      MaximumEventAgeInSeconds: numberOf(properties, 'MaximumEventAgeInSeconds'),
      DestinationConfig: objectOf(properties, 'DestinationConfig'),
    };
    await lambda.call('PutFunctionEventInvokeConfig', input as Input<'PutFunctionEventInvokeConfig'>, scope);
    const { name } = readFunctionName(FunctionName, scope);
    return { physicalId: `${name}|${Qualifier}`, attributes: {} };
  };
  return {
    name: 'AWS::Lambda::EventInvokeConfig',
    create: put,
    update: put,
    async delete({ scope, physicalId }) {
      const [FunctionName = '', Qualifier = ''] = physicalId.split('|');
      await unless(GONE, lambda.call('DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier }, scope));
    },
  };
};
