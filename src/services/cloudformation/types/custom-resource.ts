// Custom::… and AWS::CloudFormation::CustomResource. Millpond invokes the user's function with the request, and the
// function answers to a response URL.

import { ResourceFailure } from '../../../control/resource-failure.ts';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
  Value,
} from '../../../control/resource-type.ts';
import { derivedUuid } from '../../../kernel/ids.ts';
import type { CloudFormation } from '../context.ts';
import { asProperties } from '../template/coerce.ts';
import { type Callbacks, noticeOf } from './callbacks.ts';

type Call = Omit<ResourceRequest, 'isRetry'> & { physicalId?: string; before?: Properties };

interface Answer {
  status: 'SUCCESS' | 'FAILED';
  reason: string;
  physicalId: string | undefined;
  data: Properties;
}

/** AWS: one hour, unless ServiceTimeout is shorter. */
const DEFAULT_TIMEOUT_SECONDS = 3_600;
const LAMBDA_ARN = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:/;

/** The resource type of every custom resource. */
export function customResource(cf: CloudFormation, callbacks: Callbacks): ResourceType {
  return {
    name: 'AWS::CloudFormation::CustomResource',
    async create(request) {
      const defaultId = defaultIdOf(request);
      const answer = await ask(cf, callbacks, 'Create', request, defaultId);
      return stateOf(answer, defaultId);
    },
    async update(request) {
      const answer = await ask(cf, callbacks, 'Update', request, request.physicalId);
      return stateOf(answer, request.physicalId);
    },
    async delete(request) {
      await ask(cf, callbacks, 'Delete', request, request.physicalId);
    },
    replaces: (property) => (property === 'ServiceToken' ? false : undefined),
  };
}

/** AWS: the physical id when the function returns none. */
const defaultIdOf = ({ stackName, logicalId, token }: Call) => `${stackName}-${logicalId}-${token}`;

const stateOf = (answer: Answer, defaultId: string): ResourceState => ({
  physicalId: answer.physicalId ?? defaultId,
  attributes: attributesOf(answer.data),
});

/** Includes nested members, by their path with dots. */
function attributesOf(data: Properties, prefix = ''): Record<string, Value> {
  const found: Record<string, Value> = {};
  for (const [name, value] of Object.entries(data)) {
    found[prefix + name] = value;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      Object.assign(found, attributesOf(value, `${prefix}${name}.`));
    }
  }
  return found;
}

async function ask(
  cf: CloudFormation,
  callbacks: Callbacks,
  requestType: 'Create' | 'Update' | 'Delete',
  request: Call,
  physicalId: string,
): Promise<Answer> {
  const name = `custom ${requestType} ${request.stackId} ${request.logicalId} ${request.token} ${physicalId}`;
  const callback = callbacks.open(name);
  if (!callback.delivered && callback.bodies.length === 0) {
    const url = callbacks.urlOf(callback, await cf.options.functionsAnswerAt?.());
    await invoke(cf, requestType, request, physicalId, url);
    callbacks.markDelivered(name);
  }
  const timeoutMs = timeoutSecondsOf(request.properties) * 1_000;
  const deadline = callbacks.since(`${name} since`, cf.clock.now()) + timeoutMs;
  let answer: Answer | undefined;
  try {
    answer = await cf.notices.until(noticeOf(name), () => answerIn(callbacks.get(name)?.bodies[0]), {
      signal: request.signal,
      deadline,
      now: cf.clock.now,
    });
  } catch (error) {
    // An interrupted wait can be resumed: the callback stays open and keeps the answer.
    throw new ResourceFailure('Resource creation cancelled', physicalId, error);
  }
  for (const part of [name, `${name} since`]) callbacks.close(part);
  if (!answer) {
    const reason =
      'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId';
    throw new ResourceFailure(`${reason} [${requestIdOf(request, requestType)}].`, physicalId);
  }
  if (answer.status === 'SUCCESS') return answer;
  throw new ResourceFailure(
    `Received response status [FAILED] from custom resource. Message returned: ${answer.reason} (RequestId: ${requestIdOf(request, requestType)})`,
    answer.physicalId ?? physicalId,
  );
}

async function invoke(
  cf: CloudFormation,
  requestType: string,
  request: Call,
  physicalId: string,
  responseUrl: string,
): Promise<void> {
  const { properties, scope, before } = request;
  const serviceToken = String(properties.ServiceToken ?? '');
  if (!LAMBDA_ARN.test(serviceToken)) {
    throw new Error(
      `Invalid service token: [${serviceToken}]. Millpond supports only Lambda functions as the providers of custom resources.`,
    );
  }
  const event = {
    RequestType: requestType,
    ServiceToken: serviceToken,
    ResponseURL: responseUrl,
    StackId: request.stackId,
    RequestId: requestIdOf(request, requestType),
    LogicalResourceId: request.logicalId,
    ...(requestType !== 'Create' && { PhysicalResourceId: physicalId }),
    ResourceType: request.resourceType ?? 'AWS::CloudFormation::CustomResource',
    ResourceProperties: asTexts(properties),
    ...(before && { OldResourceProperties: asTexts(before) }),
  };
  await cf.neighbours.lambda.call(
    'Invoke',
    {
      FunctionName: serviceToken,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(event)),
    },
    scope,
  );
}

const requestIdOf = ({ stackId, logicalId, token }: Call, requestType: string): string =>
  derivedUuid(stackId, logicalId, token, requestType);

/** AWS: the function gets numbers and booleans as strings. */
function asTexts(value: Value): Value {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asTexts(part)]));
  }
  return value === null ? null : String(value);
}

function answerIn(body: string | undefined): Answer | undefined {
  if (body === undefined) return undefined;
  const invalid = (reason: string): Answer => ({ status: 'FAILED', reason, physicalId: undefined, data: {} });
  try {
    const { Status, Reason, PhysicalResourceId, Data } = JSON.parse(body) as Record<string, Value>;
    if (Status !== 'SUCCESS' && Status !== 'FAILED') return invalid('Invalid response object: Status');
    return {
      status: Status,
      reason: String(Reason ?? ''),
      physicalId:
        typeof PhysicalResourceId === 'string' && PhysicalResourceId !== '' ? PhysicalResourceId : undefined,
      data: asProperties(Data),
    };
  } catch {
    return invalid('Invalid response object: it is not JSON');
  }
}

function timeoutSecondsOf({ ServiceTimeout }: Properties): number {
  const seconds = Number(ServiceTimeout ?? DEFAULT_TIMEOUT_SECONDS);
  return seconds >= 1 && seconds <= DEFAULT_TIMEOUT_SECONDS ? seconds : DEFAULT_TIMEOUT_SECONDS;
}
