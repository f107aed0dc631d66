// The files of instances in the data directory. The directories are those of containers:
//   runs/ID        Millpond's own: the specification of the last boot, who runs, how it ended, what it printed
//   files/roots/ID the files of the instance, which stay from boot to boot. Its own users write to some of them:
//     root           where its root is mounted, and those of its files that lie over nothing
//     over/NAME      upper, work: its changes of the directory NAME of this host
//     upper work     its changes of its image
//     begun          there once the files of the first boot are complete
//     run dev sys programs covers user-data status    made anew at each boot
//     layers.table… the mount tables: see BUILD in containers/scripts.ts

/** Names of files and directories in `files/roots/ID`. */
export const OWN = {
  root: 'root',
  layers: 'over',
  begun: 'begun',
  run: 'run',
  devices: 'dev',
  system: 'sys',
  programs: 'programs',
  covers: 'covers',
  userData: 'user-data',
  status: 'status',
} as const;

/** Where the instance finds what is made anew at each boot. */
export const INSIDE = {
  programs: '/run/millpond/programs',
  userData: '/run/millpond/user-data',
  status: '/run/millpond/status',
} as const;

/** The file of `status` that says that the boot is over: a line that is empty, or says why there is no SSH. */
export const BOOTED = 'booted';
