// Decides what an instance needs next, from its record and what is seen of it. It may run at any time, after any crash,
// any number of times. Pure.

import type { InstanceRecord } from '../model.ts';
import type { Action, Observation } from './observation.ts';
import type { Transition } from './transition.ts';

/** What to do now. */
export interface Plan {
  /** In order. Empty when there is nothing to do before something changes. */
  actions: Action[];
  /** Why it waits, for people. */
  waits?: string;
}

/** The plan for an instance that has a machine. */
export function plan(instance: InstanceRecord, seen: Observation): Plan {
  switch (instance.state) {
    case 'pending':
      return planBoot(instance, seen);
    case 'running':
      return planRunning(instance, seen);
    case 'stopping':
    case 'shutting-down':
      return planEnd(instance, seen);
    default:
      return waits(`it is ${instance.state}`);
  }
}

const record = (transition: Transition): Plan => ({ actions: [{ do: 'record', transition }] });
const waits = (reason: string): Plan => ({ actions: [], waits: reason });
const begin = (work: 'network' | 'start' | 'stop'): Plan => ({ actions: [{ do: 'begin', work }] });

function planBoot(instance: InstanceRecord, seen: Observation): Plan {
  const { run } = seen;
  if (seen.boot !== instance.machine!.boot) return planNextBoot(instance, seen);
  switch (run.is) {
    case 'running':
      return planNetwork(instance, seen) ?? record({ to: 'running' });
    case 'starting':
      return waits('it is being started');
    case 'failed':
      return record({ to: 'failed', reason: run.reason });
    case 'ended':
      return record(run.isLost ? { to: 'lost' } : { to: 'shutDown' });
    case 'absent':
      return planNetwork(instance, seen) ?? begin('start');
  }
}

/** An earlier boot runs, has ended, or there was none. */
function planNextBoot(instance: InstanceRecord, seen: Observation): Plan {
  if (seen.run.is === 'running') return begin('stop');
  if (seen.run.is === 'starting') return waits('an earlier boot is being started');
  return planNetwork(instance, seen) ?? begin('start');
}

function planRunning(instance: InstanceRecord, seen: Observation): Plan {
  const { boot, isReady } = instance.machine!;
  const { run } = seen;
  // A reboot: the state stays the same.
  if (seen.boot !== 0 && seen.boot !== boot) return planNextBoot(instance, seen);
  switch (run.is) {
    case 'absent':
      return record({ to: 'lost' });
    case 'starting':
      return waits('it is being started');
    case 'failed':
      return record({ to: 'failed', reason: run.reason });
    case 'ended':
      return record(run.isLost ? { to: 'lost' } : { to: 'shutDown' });
    case 'running': {
      const network = planNetwork(instance, seen);
      if (network) return network;
      if (seen.isInterfaceStale) return { actions: [{ do: 'changeInterface' }] };
      if (isReady) return waits('it runs');
      return run.booted ? record({ to: 'ready', ...run.booted }) : waits('it boots');
    }
  }
}

/** `undefined` once the network is open and the record says where. */
function planNetwork({ machine }: InstanceRecord, { network, place }: Observation): Plan | undefined {
  if (network === 'none') return begin('network');
  if (network === 'working') return waits('its network is being opened');
  if (network !== 'done') return record({ to: 'failed', reason: network.failed });
  const isKnown = place!.address === machine!.address && place!.sshPort === machine!.sshPort;
  return isKnown ? undefined : record({ to: 'placed', ...place! });
}

function planEnd(instance: InstanceRecord, { run, network, release }: Observation): Plan {
  if (run.is === 'starting') return waits('it is being started');
  if (run.is === 'running') return begin('stop');
  if (network === 'working') return waits('its network is being opened');
  if (release === 'none') {
    return { actions: [{ do: 'begin', work: 'release', files: instance.state === 'shutting-down' }] };
  }
  if (release === 'working') return waits('what it leaves is being removed');
  return record({ to: 'ended' });
}
