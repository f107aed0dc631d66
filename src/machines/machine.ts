// What a machine is: a process tree with everything that its programs take for their computer. There are four kinds, and
// each part has one implementation that all use, or one for each kind of file system:
//
//                a command (`exec`, `shell`, a session)  a function's environment    a task's container                  an instance
//   network      an interface of its own, or this host's: `Network.interfaces` in network/network.ts, opened by
//                machine-routes.ts for the command       Lambda                      ECS                                 EC2
//   names, trust files that replace others: MachineNames and Cover below, prepared by names/view.ts
//   variables    endpoint, region, credentials, certificates: aws-environment.ts
//   host name    its own where given: names/namespace.ts this host's                 its own                             its own
//   file system  this host's, files mounted over it:     a root with them:           the image's, with its changes:      this host's or an image's, with
//                names/namespace.ts                      functions/private-root.ts   containers/container-root.ts        its changes: instances/root.ts
//   user, limits the caller's                            functions/privileges.ts,    containers/identities.ts,           instances/identities.ts,
//                                                        memory.ts                   cgroups.ts                          containers/cgroups.ts
//   output       the caller's terminal: names/run.ts     its log: functions/output.ts its log: containers/output.ts      its console: instances/console.ts
//   life         the command's; it outlives Millpond     the pool's; it ends with    the task's; it outlives Millpond:   it outlives Millpond, and its files
//                                                        Millpond, however that ends containers/own-container.ts         outlive it: instances/own-instances.ts

import type { ReadNames } from './names/hosts-file.ts';

/** How Millpond's names resolve in a machine. */
export interface MachineNames {
  /** The address of Millpond's DNS server, as the machine's programs see it. */
  dnsAddress: string;
  dnsPort: number;
  /** The current names; required where the DNS server does not have port 53. */
  readNames?: ReadNames | undefined;
}

/** One text that replaces several files; real paths. */
export interface Cover {
  targets: readonly string[];
  text: string;
}

/** A file to mount over another. */
export interface Mount {
  source: string;
  target: string;
}
