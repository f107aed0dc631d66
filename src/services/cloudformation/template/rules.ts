// The Rules section: assertions about parameters, checked before any resource is created.

import type { Value } from '../../../control/resource-type.ts';
import { holdsIn } from './conditions.ts';
import { evaluate } from './evaluate.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { argumentsOf, callOf } from './intrinsics.ts';
import { TemplateError, type TemplateIssue, validationError } from './issues.ts';
import { type TemplateNode, textOf } from './node.ts';
import type { Template } from './template.ts';
import type { Evaluated } from './unknown-value.ts';

/** AWS: the functions that rules can use, besides Ref. */
export const RULE_FUNCTIONS = [
  'Fn::And',
  'Fn::Contains',
  'Fn::EachMemberEquals',
  'Fn::EachMemberIn',
  'Fn::Equals',
  'Fn::Not',
  'Fn::Or',
  'Fn::RefAll',
  'Fn::ValueOf',
  'Fn::ValueOfAll',
] as const;

/** What rules are evaluated against. */
export interface RuleContext extends EvaluationContext {
  /** For Fn::ValueOf: an attribute (`VpcId`) of the resource that a parameter of an AWS-specific type names. */
  attributeOf(parameterType: string, id: string, attribute: string): Promise<Value | undefined>;
}

/** An issue for each failed assertion. */
export async function failedRules(template: Template, context: RuleContext): Promise<TemplateIssue[]> {
  const issues: TemplateIssue[] = [];
  const rules = new RuleEvaluator(template, context);
  for (const rule of template.rules.values()) {
    if (rule.ruleCondition && !(await rules.holds(rule.ruleCondition))) continue;
    for (const { assert, description } of rule.assertions) {
      if (await rules.holds(assert)) continue;
      issues.push({
        message: `Template error: Rule ${rule.name} failed${description === undefined ? '' : `: ${description}`}`,
        place: assert.place,
        path: `/Rules/${rule.name}`,
      });
    }
  }
  return issues;
}

class RuleEvaluator {
  private readonly template: Template;
  private readonly context: RuleContext;

  constructor(template: Template, context: RuleContext) {
    this.template = template;
    this.context = context;
  }

  async holds(node: TemplateNode): Promise<boolean> {
    const call = callOf(node);
    if (!call) return holdsIn(node, this.context);
    const parts = call.argument.kind === 'list' ? call.argument.items : [call.argument];
    const pair = async (): Promise<[Evaluated[], Evaluated[]]> => {
      const items = argumentsOf(call.argument, 2);
      if (!items)
        throw new TemplateError(
          validationError(`every ${call.function} object requires two parameters`, call.place),
        );
      return [listOf(await this.value(items[0]!)), listOf(await this.value(items[1]!))];
    };
    switch (call.function) {
      case 'Fn::And':
        return (await Promise.all(parts.map((part) => this.holds(part)))).every(Boolean);
      case 'Fn::Or':
        return (await Promise.all(parts.map((part) => this.holds(part)))).some(Boolean);
      case 'Fn::Not':
        return !(parts[0] && (await this.holds(parts[0])));
      case 'Fn::Equals':
      case 'Fn::EachMemberEquals': {
        const [a, b] = await pair();
        if (call.function === 'Fn::Equals') return a.map(String).join() === b.map(String).join();
        return a.every((item) => String(item) === String(b[0]));
      }
      case 'Fn::Contains': {
        const [list, wanted] = await pair();
        return list.map(String).includes(String(wanted[0]));
      }
      case 'Fn::EachMemberIn': {
        const [a, b] = await pair();
        const allowed = new Set(b.map(String));
        return a.every((item) => allowed.has(String(item)));
      }
      default:
        return holdsIn(node, this.context);
    }
  }

  private async value(node: TemplateNode): Promise<Evaluated> {
    const call = callOf(node);
    if (!call && node.kind === 'list') {
      return Promise.all(node.items.map((item) => this.value(item)));
    }
    const [first, second] = call?.argument.kind === 'list' ? call.argument.items : [call?.argument];
    switch (call?.function) {
      case 'Fn::RefAll':
        return this.parametersOfType(textOf(first)).flatMap((name) => listOf(this.parameter(name)));
      case 'Fn::ValueOf':
        return oneOrAll(await this.attributesOf([textOf(first) ?? ''], textOf(second) ?? ''));
      case 'Fn::ValueOfAll':
        return this.attributesOf(this.parametersOfType(textOf(first)), textOf(second) ?? '');
      default: {
        const value = evaluate(node, this.context);
        return typeof value === 'symbol' ? null : value;
      }
    }
  }

  private parameter(name: string): Evaluated {
    return this.context.parameters.get(name) ?? null;
  }

  private parametersOfType(type: string | undefined): string[] {
    return [...this.template.parameters.values()]
      .filter((parameter) => parameter.type.name === type || parameter.type.name === `List<${type}>`)
      .map(({ name }) => name);
  }

  private async attributesOf(names: readonly string[], attribute: string): Promise<Value[]> {
    const found: Value[] = [];
    for (const name of names) {
      const type = this.template.parameters.get(name)?.type.item;
      for (const id of listOf(this.parameter(name))) {
        const value = type && (await this.context.attributeOf(type, String(id), attribute));
        if (value !== undefined) found.push(value);
      }
    }
    return found;
  }
}

const listOf = (value: Evaluated): Evaluated[] => (Array.isArray(value) ? value : [value]);

const oneOrAll = (values: Value[]): Value => (values.length === 1 ? values[0]! : values);
