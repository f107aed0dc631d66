// How V8's heap grows. What is loaded stays for good: room for objects that die young, which V8 would double again and
// again meanwhile and hardly ever gives back, is only wanted by the work that comes after.

import { setFlagsFromString } from 'node:v8';

const V8_DEFAULT_FACTOR = 2;

/** Awaits work that mostly makes what stays. */
export async function withoutYoungGrowth<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    return await work();
  } finally {
    setFlagsFromString(`--semi-space-growth-factor=${V8_DEFAULT_FACTOR}`);
  }
}
