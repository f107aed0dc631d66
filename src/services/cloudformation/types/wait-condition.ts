// AWS::CloudFormation::WaitCondition and its handle. The handle is a URL; the condition waits until enough signals have
// come to it.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import { ResourceFailure } from '../../../control/resource-failure.ts';
import type { ResourceType } from '../../../control/resource-type.ts';
import type { CloudFormation } from '../context.ts';
import { type Callbacks, noticeOf } from './callbacks.ts';

interface Signal {
  status: string;
  uniqueId: string;
  reason: string;
  data: string;
}

const MAX_TIMEOUT_SECONDS = 43_200;

/** The handle: its physical id is the URL that takes the signals. */
export function waitConditionHandle(cf: Pick<CloudFormation, 'options'>, callbacks: Callbacks): ResourceType {
  const nameOf = ({ stackId, logicalId, token }: { stackId: string; logicalId: string; token: string }) =>
    `handle ${stackId} ${logicalId} ${token}`;
  return {
    name: 'AWS::CloudFormation::WaitConditionHandle',
    async create(request) {
      const callback = callbacks.open(nameOf(request));
      const url = callbacks.urlOf(callback, cf.options.programsAnswerAt?.());
      return { physicalId: url, attributes: { Id: url } };
    },
    async delete(request) {
      callbacks.close(nameOf(request));
    },
  };
}

/** The condition: its creation waits for `Count` signals, for at most `Timeout` seconds. */
export function waitCondition(cf: CloudFormation, callbacks: Callbacks): ResourceType {
  return {
    name: 'AWS::CloudFormation::WaitCondition',
    async create(request) {
      const { properties, scope, stackId, logicalId, token, signal } = request;
      const physicalId = renderArn(
        'cloudformation',
        scope,
        `waitcondition/${parseArn(stackId)!.resource.split('/')[1]}/${logicalId}-${token}`,
      );
      const seconds = Number(properties.Timeout ?? 0);
      const count = Number(properties.Count ?? 1);
      if (!(seconds >= 1 && seconds <= MAX_TIMEOUT_SECONDS)) {
        throw new Error(`Timeout must be between 1 and ${MAX_TIMEOUT_SECONDS} seconds.`);
      }
      const name = callbacks.nameAt(String(properties.Handle ?? ''));
      if (name === undefined) throw new Error('Handle is not the reference of a wait condition handle.');
      const started = callbacks.since(`wait ${stackId} ${logicalId} ${token}`, cf.clock.now());
      const look = () => {
        const signals = signalsIn(callbacks.get(name)?.bodies ?? []);
        const failed = signals.find(({ status }) => status === 'FAILURE');
        if (failed) return { failed };
        return signals.length >= count ? { signals } : undefined;
      };
      let outcome: ReturnType<typeof look>;
      try {
        outcome = await cf.notices.until(noticeOf(name), look, {
          signal,
          deadline: started + seconds * 1_000,
          now: cf.clock.now,
        });
      } catch (error) {
        throw new ResourceFailure('Resource creation cancelled', physicalId, error);
      }
      if (!outcome) {
        const received = signalsIn(callbacks.get(name)?.bodies ?? []).length;
        throw new ResourceFailure(
          `WaitCondition timed out. Received ${received} conditions when expecting ${count}`,
          physicalId,
        );
      }
      if (outcome.failed) {
        const { reason, uniqueId } = outcome.failed;
        throw new ResourceFailure(
          `WaitCondition received failed message: '${reason}' for uniqueId: ${uniqueId}`,
          physicalId,
        );
      }
      const data = Object.fromEntries(outcome.signals!.map((one) => [one.uniqueId, one.data]));
      return { physicalId, attributes: { Data: JSON.stringify(data), Id: physicalId } };
    },
    async delete({ stackId, logicalId, token }) {
      callbacks.close(`wait ${stackId} ${logicalId} ${token}`);
    },
  };
}

/** AWS: signals with the same UniqueId count once. */
function signalsIn(bodies: readonly string[]): Signal[] {
  const found = new Map<string, Signal>();
  for (const body of bodies) {
    try {
      const { Status, UniqueId, Reason, Data } = JSON.parse(body) as Record<string, unknown>;
      if (Status !== 'SUCCESS' && Status !== 'FAILURE') continue;
      const uniqueId = String(UniqueId ?? '');
      found.set(uniqueId, {
        status: Status,
        uniqueId,
        reason: String(Reason ?? ''),
        data: String(Data ?? ''),
      });
    } catch {
      // AWS: a body that is not JSON is ignored.
    }
  }
  return [...found.values()];
}
