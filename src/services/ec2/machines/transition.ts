// Every way in which the controller advances the record of an instance. Calls of users are in operations/. Pure.

import type { InstanceRecord, MachineRecord } from '../model.ts';

export type Transition =
  | { to: 'placed'; address: string; sshPort: number }
  /** Its programs run. */
  | { to: 'running' }
  /** Its boot is over. */
  | { to: 'ready'; noSsh?: string | undefined; hostKeys: readonly string[] }
  /** Its programs have ended by a shutdown in it. */
  | { to: 'shutDown' }
  /** Its programs have ended with this host, or with Millpond: it boots again. */
  | { to: 'lost' }
  /** It cannot boot. */
  | { to: 'failed'; reason: string }
  /** Nothing of it runs any more. */
  | { to: 'ended' };

/** The record after the transition. */
export function advance(instance: InstanceRecord, transition: Transition, now: number): InstanceRecord {
  const machine = instance.machine!;
  const withMachine = (change: Partial<MachineRecord>): InstanceRecord => ({
    ...instance,
    machine: { ...machine, ...change },
  });
  const inState = (from: InstanceRecord, state: InstanceRecord['state']): InstanceRecord => ({
    ...from,
    state,
    stateChangedAt: now,
  });
  switch (transition.to) {
    case 'placed':
      return withMachine({ address: transition.address, sshPort: transition.sshPort });
    case 'running': {
      const { stateReason: _, ...rest } = instance;
      return inState(rest, 'running');
    }
    case 'ready':
      return withMachine({
        ...{ isReady: true, hostKeys: [...transition.hostKeys] },
        ...(transition.noSsh && { noSsh: transition.noSsh }),
      });
    case 'shutDown': {
      const ends = instance.shutdownBehavior === 'terminate' ? 'shutting-down' : 'stopping';
      return inState({ ...instance, stateReason: SHUT_DOWN_INSIDE }, ends);
    }
    case 'lost':
      return inState({ ...instance, machine: nextBoot(machine) }, 'pending');
    case 'failed': {
      // AWS: an instance that fails at its launch is terminated; a later start leaves it stopped.
      const isLaunch = instance.state === 'pending' && machine.boot === 1;
      const ends = isLaunch ? 'shutting-down' : 'stopping';
      const message = `Server.InternalError: ${transition.reason}`.slice(0, MOST_REASON);
      return inState({ ...instance, stateReason: { code: 'Server.InternalError', message } }, ends);
    }
    case 'ended': {
      const { publicIp: _, ...rest } = instance;
      const state = instance.state === 'shutting-down' ? 'terminated' : 'stopped';
      return { ...rest, state, machine: withoutBoot(machine) };
    }
  }
}

/** The machine for another boot. */
export const nextBoot = (machine: MachineRecord): MachineRecord => ({
  ...withoutBoot(machine),
  boot: machine.boot + 1,
});

/** The machine without what was true of its last boot only. */
function withoutBoot({ isReady: _, noSsh: __, isForced: ___, ...kept }: MachineRecord): MachineRecord {
  return kept;
}

const MOST_REASON = 1_024;

const SHUT_DOWN_INSIDE = {
  code: 'Client.InstanceInitiatedShutdown',
  message: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
};
