// A resource type that attaches one policy to several resources of its service: to topics, to queues.

import type { Scope } from '../aws/scope.ts';
import { physicalName } from './physical-name.ts';
import { unless } from './resource-attempts.ts';
import { changesOf, listOf, requiredDocument } from './resource-properties.ts';
import type { Properties, ResourceRequest, ResourceState, ResourceType } from './resource-type.ts';

/** What differs between services. */
export interface AttachedPolicy {
  /** `AWS::SNS::TopicPolicy`. */
  name: string;
  /** The property that lists the resources. */
  targets: string;
  /** Names of the errors that say that a resource is gone, which is no failure when the policy is detached. */
  gone: RegExp;
  /** Sets the policy of one resource, a JSON text; an empty one gives it the default policy again. */
  set(target: string, policy: string, scope: Scope): Promise<unknown>;
}

/** AWS: a resource that the policy leaves, or whose policy resource is deleted, gets its default policy again. */
export function attachedPolicyType({ name, targets, gone, set }: AttachedPolicy): ResourceType {
  const targetsOf = (properties: Properties): string[] => listOf(properties, targets) ?? [];

  async function detach(from: readonly string[], scope: Scope): Promise<void> {
    for (const target of from) await unless(gone, set(target, '', scope));
  }

  async function attach({ scope, properties }: ResourceRequest, physicalId: string): Promise<ResourceState> {
    const policy = requiredDocument(properties, 'PolicyDocument');
    for (const target of targetsOf(properties)) await set(target, policy, scope);
    return { physicalId, attributes: { Id: physicalId } };
  }

  return {
    name,
    create: (request) => attach(request, physicalName(request, { maxLength: 256 })),
    async update(request) {
      const changes = changesOf(targetsOf(request.before), targetsOf(request.properties), (target) => target);
      await detach(changes.gone, request.scope);
      return attach(request, request.physicalId);
    },
    delete: ({ scope, properties }) => detach(targetsOf(properties), scope),
  };
}
