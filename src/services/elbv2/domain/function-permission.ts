// Whether the resource policy of a function lets Elastic Load Balancing invoke it for a target group. Pure.

import { allowsService } from '../../../aws/resource-policy.ts';

/** Who asks. */
export interface Invoking {
  /** The ARN of the target group. */
  sourceArn: string;
  /** The account of the target group. */
  sourceAccount: string;
}

const SERVICES = ['elasticloadbalancing.amazonaws.com', 'elasticloadbalancing.amazonaws.com.cn'];

/** `policy` is the document that Lambda's GetPolicy returns. A condition that is not known here is not met. */
export const letsInvoke = (policy: string, invoking: Invoking): boolean =>
  SERVICES.some((service) =>
    // The policy is that of the function, whatever ARN its statements name.
    allowsService(policy, { ...invoking, service, action: 'lambda:InvokeFunction', resource: undefined }),
  );
