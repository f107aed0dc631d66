// The records of function URLs; function-urls.ts serves them.

import { changeFunction, findFunction, insideBaseOf } from '../context.ts';
import type { CorsRecord } from '../domain/model.ts';
import { functionArn, LATEST } from '../domain/names.ts';
import { invalidParameter, notFound, urlExists } from '../faults.ts';
import { pageRequest, urlPages } from '../paging.ts';
import type { Operation } from '../sdk.ts';
import { viewUrl } from '../view.ts';

interface CorsInput {
  AllowCredentials?: boolean | undefined;
  AllowHeaders?: string[] | undefined;
  AllowMethods?: string[] | undefined;
  AllowOrigins?: string[] | undefined;
  ExposeHeaders?: string[] | undefined;
  MaxAge?: number | undefined;
}

function corsOf(input: CorsInput): CorsRecord {
  return {
    ...(input.AllowCredentials !== undefined && { allowCredentials: input.AllowCredentials }),
    ...(input.AllowHeaders && { allowHeaders: input.AllowHeaders }),
    ...(input.AllowMethods && { allowMethods: input.AllowMethods }),
    ...(input.AllowOrigins && { allowOrigins: input.AllowOrigins }),
    ...(input.ExposeHeaders && { exposeHeaders: input.ExposeHeaders }),
    ...(input.MaxAge !== undefined && { maxAgeSeconds: input.MaxAge }),
  };
}

export const CreateFunctionUrlConfig: Operation<'CreateFunctionUrlConfig'> = async (
  lambda,
  input,
  context,
) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const { scope, name } = reference;
  const qualifier = reference.qualifier ?? LATEST;
  const now = lambda.clock.now();
  changeFunction(lambda, reference, (record) => {
    if (qualifier !== LATEST && !record.aliases[qualifier]) {
      throw invalidParameter('A function URL is for a function or an alias, not for a version.');
    }
    if (record.urls[qualifier]) throw urlExists(functionArn(scope, name, reference.qualifier));
    record.urls[qualifier] = {
      port: 0,
      authType: input.AuthType,
      invokeMode: input.InvokeMode ?? 'BUFFERED',
      ...(input.Cors && { cors: corsOf(input.Cors) }),
      createdAt: now,
      modifiedAt: now,
    };
  });
  // The answer contains the port, so it must be open by then.
  await lambda.urlsChanged(scope, name);
  const url = lambda.records.functions.find(scope, name)?.urls[qualifier];
  if (!url) throw notFound();
  return viewUrl(insideBaseOf(lambda, context), scope, name, qualifier, url);
};

export const UpdateFunctionUrlConfig: Operation<'UpdateFunctionUrlConfig'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const qualifier = reference.qualifier ?? LATEST;
  const changed = changeFunction(lambda, reference, (record) => {
    const url = record.urls[qualifier];
    if (!url) throw notFound();
    if (input.AuthType) url.authType = input.AuthType;
    if (input.InvokeMode) url.invokeMode = input.InvokeMode;
    if (input.Cors) url.cors = corsOf(input.Cors);
    url.modifiedAt = lambda.clock.now();
    return url;
  });
  return viewUrl(insideBaseOf(lambda, context), reference.scope, reference.name, qualifier, changed);
};

export const GetFunctionUrlConfig: Operation<'GetFunctionUrlConfig'> = (lambda, input, context) => {
  const { record, reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const qualifier = reference.qualifier ?? LATEST;
  const url = record.urls[qualifier];
  if (!url) throw notFound();
  return viewUrl(insideBaseOf(lambda, context), reference.scope, record.name, qualifier, url);
};

export const ListFunctionUrlConfigs: Operation<'ListFunctionUrlConfigs'> = (lambda, input, context) => {
  const { record, reference } = findFunction(lambda, input.FunctionName, context);
  const urls = Object.entries(record.urls).sort(([a], [b]) => (a < b ? -1 : 1));
  const page = urlPages.ofSorted(urls, ([qualifier]) => qualifier, pageRequest(input));
  return {
    FunctionUrlConfigs: page.items.map(([qualifier, url]) =>
      viewUrl(insideBaseOf(lambda, context), reference.scope, record.name, qualifier, url),
    ) as never,
    NextMarker: page.token,
  };
};

export const DeleteFunctionUrlConfig: Operation<'DeleteFunctionUrlConfig'> = async (
  lambda,
  input,
  context,
) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const qualifier = reference.qualifier ?? LATEST;
  changeFunction(lambda, reference, (record) => {
    if (!record.urls[qualifier]) throw notFound();
    delete record.urls[qualifier];
  });
  await lambda.urlsChanged(reference.scope, reference.name);
  return {};
};
