// STS: who is calling, and sessions of roles. The smallest complete service, and the one to copy when another is added.

import type { Clock } from '../../kernel/clock.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Sts } from './context.ts';
import { operations } from './operations.ts';
import type { Sdk } from './sdk.ts';

export const createSts = ({ clock }: { clock: Clock }): Service =>
  defineService<Sdk, Sts>('sts', { clock }, operations, { constraints });
