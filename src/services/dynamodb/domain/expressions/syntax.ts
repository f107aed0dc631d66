// The syntax trees of expressions. They depend on the text alone: placeholders are not replaced. Pure.

/** A step of a path: a name or an index. */
export type PathStep = string | number;

/** A path as written. A step that begins with `#` is a placeholder; no other name can begin so. */
export interface PathSyntax {
  kind: 'path';
  steps: readonly PathStep[];
}

/** A placeholder of a value: `:name`. */
export interface ValueSyntax {
  kind: 'value';
  name: string;
}

/** A call of a function. As a condition or as an operand. */
export interface CallSyntax {
  kind: 'call';
  name: string;
  arguments: readonly OperandSyntax[];
}

/** An operand of a condition. */
export type OperandSyntax = PathSyntax | ValueSyntax | CallSyntax;

/** The comparison operators. */
export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A condition. `and` and `or` have at least two parts. */
export type ConditionSyntax =
  | { kind: 'and' | 'or'; parts: readonly ConditionSyntax[] }
  | { kind: 'not'; part: ConditionSyntax }
  | { kind: 'compare'; operator: Comparator; left: OperandSyntax; right: OperandSyntax }
  | { kind: 'between'; operand: OperandSyntax; lower: OperandSyntax; upper: OperandSyntax }
  | { kind: 'in'; operand: OperandSyntax; list: readonly OperandSyntax[] }
  | CallSyntax;

/** The right side of SET: an operand, or a sum of two. */
export type AssignedSyntax =
  | OperandSyntax
  | { kind: 'sum'; operator: '+' | '-'; left: OperandSyntax; right: OperandSyntax };

/** One action of an update. */
export type ActionSyntax =
  | { kind: 'SET'; path: PathSyntax; value: AssignedSyntax }
  | { kind: 'REMOVE'; path: PathSyntax }
  | { kind: 'ADD' | 'DELETE'; path: PathSyntax; value: ValueSyntax };

/** What a condition's text is, whoever uses it. */
export interface ParsedCondition {
  condition: ConditionSyntax;
}

/** What an update's text is. */
export interface ParsedUpdate {
  actions: readonly ActionSyntax[];
}

/** What a projection's text is. */
export interface ParsedProjection {
  paths: readonly PathSyntax[];
}
