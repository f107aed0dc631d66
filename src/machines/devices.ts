// What every root of its own has in /dev and /sys, whatever it is made of.

/** This host's devices, which are mounted. */
export const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** Links in /dev, by name. */
export const DEVICE_LINKS = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
  ptmx: 'pts/ptmx',
};
