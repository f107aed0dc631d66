// Every operation of ECS that Millpond has. The wire layer answers that any other is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { Ecs } from './context.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, Ecs> = {};
