// STS: the caller's identity, and sessions of roles. It is the smallest complete service, and the one to copy for a
// new service.

import type { Clock } from '../../kernel/clock.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Sts } from './context.ts';
import { operations } from './operations.ts';
import type { Sdk } from './sdk.ts';

/** Builds STS. */
export const createSts = ({ clock }: { clock: Clock }): Service =>
  defineService<Sdk, Sts>('sts', { clock }, operations, { constraints });
