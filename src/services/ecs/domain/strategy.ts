// Which capacity provider each task of a request gets. Pure.

import type { StrategyItem } from './model.ts';

/** AWS: first the base of one provider, then by weight. The provider of the task with this index, of `count`. */
export function shareOf(strategy: readonly StrategyItem[], count: number, index: number): string {
  const based = strategy.find(({ base }) => base > 0);
  if (based && index < based.base) return based.capacityProvider;
  const weights = strategy.reduce((sum, { weight }) => sum + weight, 0);
  if (weights === 0) return (based ?? strategy[0]!).capacityProvider;
  const rest = count - (based?.base ?? 0);
  let upTo = 0;
  for (const { capacityProvider, weight } of strategy) {
    upTo += (weight / weights) * rest;
    if (index - (based?.base ?? 0) < Math.round(upTo)) return capacityProvider;
  }
  return strategy.findLast(({ weight }) => weight > 0)!.capacityProvider;
}
