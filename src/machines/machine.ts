// What a machine is: a process tree with everything that its programs take for their computer. There are two kinds, and
// each part has one implementation that both use, or one for each kind of file system:
//
//                     a command of the user (`exec`, `shell`, a session)   an environment of a function
//   network           an interface of its own, or this host's: `Network.interfaces` in network/network.ts, opened by
//                     machine-routes.ts for the command                    Lambda for the environment
//   names, trust      files that replace this host's: MachineNames and Cover below, prepared by names/view.ts
//   variables         endpoint, region, credentials, certificates: aws-environment.ts
//   host name         its own where it is given: names/namespace.ts        this host's
//   file system       this host's, with the files mounted over it:         a root of its own with the files in it:
//                     names/namespace.ts                                   functions/private-root.ts
//   user and limits   the caller's                                         its own: functions/privileges.ts, memory.ts
//   output            the caller's terminal: names/run.ts                  the function's log: functions/output.ts
//   life              the command's; it outlives Millpond                  the pool's; it ends with Millpond, however
//                                                                          that ends: functions/function-process.ts

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
