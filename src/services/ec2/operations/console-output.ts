// GetConsoleOutput: the end of what an instance has printed.

import type { Operation } from '../sdk.ts';

/** AWS: the text is Base64, at most 64 KB. It is the latest, whether Latest is given or not. */
export const GetConsoleOutput: Operation<'GetConsoleOutput'> = async (ec2, input, context) => {
  const { instanceId, machine, stateChangedAt } = ec2.records.instances.existing(context, input.InstanceId);
  const output = machine ? await ec2.machines.console(instanceId) : Buffer.alloc(0);
  return {
    InstanceId: instanceId,
    ...(output.length > 0 && { Output: output.toString('base64') }),
    Timestamp: new Date(output.length > 0 ? ec2.clock.now() : stateChangedAt),
  };
};
