// AWS::Lambda::Permission, AWS::Lambda::Url and AWS::Lambda::EventInvokeConfig: what hangs on a function.

import type { ExistingResource, Properties, ResourceType } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { Input } from '../../../wire/service.ts';
import { readFunctionName } from '../domain/names.ts';
import type { Sdk } from '../lambda.ts';
import {
  generatedName,
  isFault,
  listOf,
  numberOf,
  objectOf,
  requiredText,
  textOf,
  unlessGone,
} from './properties.ts';

type Lambda = Client<Sdk>;

const PERMISSION_TEXTS = [
  'SourceArn',
  'SourceAccount',
  'EventSourceToken',
  'FunctionUrlAuthType',
  'PrincipalOrgID',
];

export const permissionType = (lambda: Lambda): ResourceType => ({
  name: 'AWS::Lambda::Permission',

  async create(request) {
    const { scope, properties, isRetry } = request;
    const viaUrl = textOf(properties, 'InvokedViaFunctionUrl');
    const input = {
      FunctionName: requiredText(properties, 'FunctionName'),
      StatementId: generatedName(request),
      Action: requiredText(properties, 'Action'),
      Principal: requiredText(properties, 'Principal'),
      ...Object.fromEntries(
        PERMISSION_TEXTS.flatMap((name) => {
          const text = textOf(properties, name);
          return text === undefined ? [] : [[name, text]];
        }),
      ),
      ...(viaUrl !== undefined && { InvokedViaFunctionUrl: viaUrl === 'true' }),
    };
    try {
      await lambda.call('AddPermission', input as Input<Sdk, 'AddPermission'>, scope);
    } catch (error) {
      if (!isRetry || !isFault(error, 'ResourceConflictException')) throw error;
    }
    return { physicalId: input.StatementId, attributes: { Id: input.StatementId } };
  },

  async delete({ scope, properties, physicalId }) {
    const input = { FunctionName: requiredText(properties, 'FunctionName'), StatementId: physicalId };
    await unlessGone(lambda.call('RemovePermission', input, scope));
  },
});

export const urlType = (lambda: Lambda): ResourceType => ({
  name: 'AWS::Lambda::Url',

  async create({ scope, properties, isRetry }) {
    const target = targetOf(properties);
    try {
      const input = { ...target, ...urlSettings(properties) } as Input<Sdk, 'CreateFunctionUrlConfig'>;
      return urlState(await lambda.call('CreateFunctionUrlConfig', input, scope));
    } catch (error) {
      if (!isRetry || !isFault(error, 'ResourceConflictException')) throw error;
      return urlState(await lambda.call('GetFunctionUrlConfig', target, scope));
    }
  },

  async update({ scope, properties }: ExistingResource) {
    const input = { ...targetOf(properties), Cors: {}, ...urlSettings(properties) };
    return urlState(
      await lambda.call('UpdateFunctionUrlConfig', input as Input<Sdk, 'UpdateFunctionUrlConfig'>, scope),
    );
  },

  async delete({ scope, properties }) {
    await unlessGone(lambda.call('DeleteFunctionUrlConfig', targetOf(properties), scope));
  },
});

/** The physical id is the function's ARN, and so what Ref gives. */
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
        ...(cors.AllowCredentials !== undefined && {
          AllowCredentials: String(cors.AllowCredentials) === 'true',
        }),
        ...(cors.MaxAge !== undefined && { MaxAge: numberOf(cors, 'MaxAge') }),
      },
    }),
  };
}

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
    await lambda.call(
      'PutFunctionEventInvokeConfig',
      input as Input<Sdk, 'PutFunctionEventInvokeConfig'>,
      scope,
    );
    const { name } = readFunctionName(FunctionName, scope);
    return { physicalId: `${name}|${Qualifier}`, attributes: {} };
  };
  return {
    name: 'AWS::Lambda::EventInvokeConfig',
    create: put,
    update: put,
    async delete({ scope, physicalId }) {
      const [FunctionName = '', Qualifier = ''] = physicalId.split('|');
      await unlessGone(lambda.call('DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier }, scope));
    },
  };
};
