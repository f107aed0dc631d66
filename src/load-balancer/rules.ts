// Which rule of a listener applies to a request. Pure.

import type { Action, Condition, Rule } from './load-balancers.ts';
import { compilePattern } from './pattern.ts';
import type { RequestFacts } from './request-facts.ts';

/** The rules of a listener, compiled. */
export type Rules = (request: RequestFacts) => Chosen;

/** The action of the first rule that applies. */
export interface Chosen {
  action: Action;
  /** AWS: `RuleEvaluations` counts the rules that were looked at, without the default rule. */
  evaluations: number;
}

const NOTHING_FOUND: Action = { does: 'respond', status: 503 };

/** Compiles rules, which are tried in order. The last one has no conditions. */
export function compileRules(rules: readonly Rule[]): Rules {
  const compiled = rules.map(({ conditions, action }) => ({ tests: conditions.map(compile), action }));
  const { length } = compiled;
  return (request) => {
    for (let index = 0; index < length; index++) {
      const { tests, action } = compiled[index]!;
      if (tests.every((test) => test(request))) {
        return { action, evaluations: Math.min(index + 1, length - 1) };
      }
    }
    return { action: NOTHING_FOUND, evaluations: length };
  };
}

/**
 * AWS: a path and a method are compared as they are, without the query; hosts and header values without regard to case
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#rule-condition-types).
 */
function compile(condition: Condition): (request: RequestFacts) => boolean {
  switch (condition.field) {
    case 'path': {
      const patterns = condition.patterns.map(compilePattern);
      return ({ path }) => patterns.some((matches) => matches(path));
    }
    case 'host': {
      const patterns = condition.patterns.map((pattern) => compilePattern(pattern.toLowerCase()));
      return ({ hostName }) => {
        const host = hostName.toLowerCase();
        return patterns.some((matches) => matches(host));
      };
    }
    case 'header': {
      const name = condition.name.toLowerCase();
      const patterns = condition.patterns.map((pattern) => compilePattern(pattern.toLowerCase()));
      return ({ headers }) => {
        for (let index = 0; index < headers.length; index += 2) {
          if (headers[index]!.toLowerCase() !== name) continue;
          const value = headers[index + 1]!.toLowerCase();
          if (patterns.some((matches) => matches(value))) return true;
        }
        return false;
      };
    }
    case 'method': {
      const methods = new Set(condition.methods);
      return ({ method }) => methods.has(method);
    }
  }
}
