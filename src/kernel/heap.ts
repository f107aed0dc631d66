// Controls how V8's young generation grows. Loading modules creates objects that stay; V8 would enlarge the young
// generation meanwhile and hardly ever shrink it again.

import { setFlagsFromString } from 'node:v8';

const V8_DEFAULT_FACTOR = 2;

/** Awaits work that mostly creates long-lived objects, with the growth of the young generation switched off. */
export async function withoutYoungGrowth<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    return await work();
  } finally {
    setFlagsFromString(`--semi-space-growth-factor=${V8_DEFAULT_FACTOR}`);
  }
}
