// Enforces security groups: keeps the kernel's table equal to the policy of the present facts. Many changes of one
// moment become one transaction.

import type { Log } from '../../../kernel/log.ts';
import { inSlices } from '../../../kernel/turn.ts';
import type { Enforcement, NodePlace, OpenInterface } from '../../network.ts';
import type { Inhabitant, NetworkRules } from '../../security-facts.ts';
import { changing, permitting, rewriting } from './nft-text.ts';
import { type Policy, policySteps } from './policy.ts';

/** Enforced security groups, for the network itself. */
export interface WorldEnforcement extends Enforcement {
  /** Call it after an interface was opened or closed. The table follows soon. */
  interfacesChanged(): void;
  /** Resolves when all facts of this moment are enforced; rejects if nft fails. At once before `begin`. */
  enforced(): Promise<void>;
  /** Resolves when no transaction runs. None begins afterwards, and the table stays as it is. */
  stop(): Promise<void>;
}

/** What the enforcement needs. */
export interface EnforcementOptions {
  interfaces(): readonly OpenInterface[];
  /** Runs a text of nft in the world as one transaction. Rejects if it fails; the table is then as it was. */
  transact(text: string): Promise<void>;
  /** The addresses of Millpond, which are always allowed. */
  services: readonly string[];
  log: Log;
}

/** The table is written again after a failure; milliseconds. */
const RETRY_MS = 1_000;
/**
 * A node that moves is in a failover, and starting nft would hold that up: promoting the other takes less than this, and
 * starting an engine at the new address more; milliseconds.
 */
const AFTER_NODES_MS = 10;
const NO_RULES: NetworkRules = { vpcs: [], subnets: [], groups: [] };

/** Writes nothing before `begin`, which writes the whole table. */
export function createEnforcement({
  interfaces,
  transact,
  services,
  log,
}: EnforcementOptions): WorldEnforcement {
  /** Group of nodes -> its nodes. */
  const nodes = new Map<string, readonly NodePlace[]>();
  let readRules: (() => Promise<NetworkRules>) | undefined;
  /** The rules as they were read last. Absent: they changed since. */
  let rules: NetworkRules | undefined;
  let areStale = false;
  /** What the table has. Absent: unknown, so everything is written. */
  let applied: Policy | undefined;
  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let nodesChanged: NodeJS.Timeout | undefined;
  let isStopped = false;

  /** EC2 is asked, and so loaded, only when something is there to which its rules apply. */
  async function presentRules(): Promise<NetworkRules> {
    if (nodes.size === 0 && interfaces().every(({ isOperator }) => isOperator)) return NO_RULES;
    if (rules) return rules;
    areStale = false;
    const read = await readRules!();
    // Rules that changed meanwhile are read again by the pass that the change began.
    if (!areStale) rules = read;
    return read;
  }

  async function pass(): Promise<void> {
    clearTimeout(retry);
    try {
      const present = await presentRules();
      const inhabitants = inhabitantsOf(present, [...nodes.values()].flat(), interfaces());
      const policy = await inSlices(policySteps(present, inhabitants, applied));
      const texts = applied
        ? changing(applied.elements, policy.elements)
        : rewriting(policy.elements, services);
      for (const text of texts) await transact(text);
      applied = policy;
    } catch (error) {
      applied = undefined;
      log.error(
        { part: 'network', err: error },
        'the security groups could not be enforced; Millpond tries again',
      );
      if (!isStopped) retry = setTimeout(changed, RETRY_MS).unref();
      throw error;
    }
  }

  /** A pass that begins after this moment: it reads the facts as they are now, or later ones. */
  function next(): Promise<void> {
    if (!readRules) return Promise.resolve();
    waiting ??= running
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        if (isStopped) return;
        return (running = pass());
      });
    return waiting;
  }

  const changed = () => void next().catch(() => undefined);

  return {
    setNodes(group, places) {
      if (JSON.stringify(places) === JSON.stringify(nodes.get(group) ?? [])) return;
      if (places.length > 0) nodes.set(group, places);
      else nodes.delete(group);
      nodesChanged ??= setTimeout(() => {
        nodesChanged = undefined;
        changed();
      }, AFTER_NODES_MS).unref();
    },
    rulesChanged() {
      rules = undefined;
      areStale = true;
      changed();
    },
    async begin(read) {
      if (!read) return transact(permitting());
      readRules = read;
      await next();
    },
    interfacesChanged: changed,
    enforced: next,
    async stop() {
      isStopped = true;
      clearTimeout(retry);
      clearTimeout(nodesChanged);
      await running.catch(() => undefined);
    },
  };
}

/** Nodes of a subnet that does not exist are in no VPC, so nothing reaches them. */
function inhabitantsOf(
  { subnets }: NetworkRules,
  nodes: readonly NodePlace[],
  interfaces: readonly OpenInterface[],
): Inhabitant[] {
  const vpcOf = new Map(subnets.map(({ subnetId, vpcId }) => [subnetId, vpcId]));
  return [
    ...nodes.map(({ address, subnetId, securityGroupIds: groupIds }) => ({
      ...{ kind: 'node' as const, address, vpcId: vpcOf.get(subnetId) ?? '', groupIds },
    })),
    ...interfaces.map(({ address, subnet, securityGroupIds: groupIds, isOperator }): Inhabitant => {
      if (isOperator) return { kind: 'operator', address };
      if (!subnet) return { kind: 'service-only', address };
      return { kind: 'machine', address, vpcId: subnet.vpcId, groupIds };
    }),
  ];
}
