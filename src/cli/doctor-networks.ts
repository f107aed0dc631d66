// The part of `millpond doctor` about networks: which one this data directory has, and why not another.

import type { Config } from '../config.ts';
import { NETWORK_KINDS, type NetworkKind } from '../network/network.ts';
import { kindOf } from '../network/open-network.ts';
import { whyNoWayOut } from '../network/subnets/outside/programs.ts';
import { whyNot } from '../network/why-not.ts';
import type { Finding } from './finding.ts';

/** What each network is, where it can be used. */
const SUMMARIES: Record<Exclude<NetworkKind, 'loopback'>, string> = {
  subnets: 'nodes can have the addresses of their subnets, in a network of their own',
  host: 'nodes can have addresses that containers reach',
};

/** The network of this data directory, and one finding for each that it may have in its place. */
export async function lookAtNetworks({ dataDir, network }: Config): Promise<Finding[]> {
  const kept = kindOf(dataDir);
  const kind = network ?? kept ?? NETWORK_KINDS[0];
  const why = network ? 'as asked for' : kept ? `kept with ${dataDir}` : 'the default';
  const findings: Finding[] = [{ what: 'Network', verdict: 'ok', detail: `${kind} (${why})` }];
  for (const each of ['subnets', 'host'] as const) {
    const what = `Network ${each}`;
    const reason = await whyNot(each);
    if (reason === undefined) findings.push({ what, verdict: 'ok', detail: SUMMARIES[each] });
    else findings.push({ what, verdict: each === kind ? 'missing' : 'note', detail: reason });
    if (each === 'subnets' && reason === undefined) findings.push(lookAtWayOut(kind === 'subnets'));
  }
  return findings;
}

/** Whether machines in a network of subnets can reach what is outside of it. */
function lookAtWayOut(isUsed: boolean): Finding {
  const what = 'Way outside';
  const reason = whyNoWayOut();
  if (reason === undefined)
    return { what, verdict: 'ok', detail: 'commands and functions in subnets reach the outside' };
  const detail = `commands and functions in subnets do not reach the outside: ${reason}`;
  return { what, verdict: isUsed ? 'lacking' : 'note', detail };
}
