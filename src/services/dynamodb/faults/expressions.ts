// The errors of expressions. Where a text has no operator or value of its own, AWS documents or returned it so; marked
// `own` are texts of Millpond.

import type { Fault } from '../../../wire/fault.ts';
import { invalid } from './validation.ts';

/** The parameters that have expressions. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** A problem of one expression, without the name of its parameter. The message is AWS's. */
export class ExpressionProblem extends Error {
  override readonly name = 'ExpressionProblem';
}

const problem = (message: string): ExpressionProblem => new ExpressionProblem(message);

/** `Invalid UpdateExpression: …` */
export const invalidExpression = (kind: ExpressionKind, { message }: ExpressionProblem): Fault =>
  invalid(`Invalid ${kind}: ${message}`);

export const emptyExpression = () => problem('The expression can not be empty;');

/** The text has more than 4 KB. AWS: in an update, the size is not shown. */
export const expressionTooLong = (bytes: number, isUpdate: boolean) =>
  problem(
    `Expression size has exceeded the maximum allowed size;${isUpdate ? '' : ` expression size: ${bytes}`}`,
  );

/** `near` is the text from the token before to the token after. */
export const syntaxError = (token: string, near: string) =>
  problem(`Syntax error; token: "${token}", near: "${near}"`);

export const redundantParentheses = () => problem('The expression has redundant parentheses;');

export const tooManyOperators = (count: number) =>
  problem(`The expression contains too many operators; operator count: ${count}`);

export const unknownFunction = (name: string) => problem(`Invalid function name; function: ${name}`);

export const misusedFunction = (name: string) =>
  problem(`The function is not allowed to be used this way in an expression; function: ${name}`);

/** A function of the other kind of expressions. */
export const functionOfOthers = (name: string, isUpdate: boolean) =>
  problem(
    `The function is not allowed in ${isUpdate ? 'an update' : 'a condition'} expression; function: ${name}`,
  );

export const reservedWord = (word: string) =>
  problem(`Attribute name is a reserved keyword; reserved keyword: ${word}`);

/** The index of a list is larger than AWS's largest integer. */
export const indexTooLarge = (index: string) =>
  problem(`List index is not within the allowable range; index: [${index}]`);

export const pathTooDeep = (levels: number) =>
  problem(`The document path has too many nesting levels; nesting levels: ${levels}`);

export const undefinedName = (name: string) =>
  problem(`An expression attribute name used in the document path is not defined; attribute name: ${name}`);

export const undefinedValue = (name: string) =>
  problem(`An expression attribute value used in expression is not defined; attribute value: ${name}`);

export const wrongOperandCount = (name: string, count: number) =>
  problem(
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
  );

export const tooManyInOperands = (count: number) =>
  problem(`The IN operator is provided with too many operands; number of operands: ${count}`);

/** `type` is the type's name, or a set of names where none is known. */
export const wrongOperandType = (name: string, type: string) =>
  problem(
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
  );

/** AWS: the sections of an update have a text of their own, and other names of types. */
export const wrongSectionOperand = (section: 'ADD' | 'DELETE', type: string) =>
  problem(
    `Incorrect operand type for operator or function; operator: ${section}, operand type: ${type}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
  );

export const pathRequired = (name: string) =>
  problem(`Operator or function requires a document path; operator or function: ${name}`);

export const unknownTypeName = (type: string) =>
  problem(`Invalid attribute type name found; type: ${type}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`);

export const operandsNotDistinct = (operator: string, path: string) =>
  problem(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${path}`,
  );

/** `lower` and `upper` are written as `{S:a}`. */
export const betweenTypes = (lower: string, upper: string) =>
  problem(
    `The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: ${lower}, upper bound operand: AttributeValue: ${upper}`,
  );

export const betweenBounds = (lower: string, upper: string) =>
  problem(
    `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: ${lower}, upper bound operand: AttributeValue: ${upper}`,
  );

export const repeatedSection = (section: string) =>
  problem(`The "${section}" section can only be used once in an update expression;`);

export const overlappingPaths = (one: string, two: string) =>
  problem(
    `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`,
  );

export const conflictingPaths = (one: string, two: string) =>
  problem(
    `Two document paths conflict with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`,
  );

// The placeholders of a request.

export const mixedParameters = (legacy: readonly string[], expressions: readonly string[]): Fault =>
  invalid(
    `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${legacy.join(', ')}} Expression parameters: {${expressions.join(', ')}}`,
  );

export const namesWithoutExpression = (): Fault =>
  invalid('ExpressionAttributeNames can only be specified when using expressions');

/** `expressions` are the parameters that could use values, none of which is given. */
export const valuesWithoutExpression = (expressions: readonly string[]): Fault =>
  invalid(
    `ExpressionAttributeValues can only be specified when using expressions: ${expressions.join(' and ')} ${expressions.length > 1 ? 'are' : 'is'} null`,
  );

/** `parameter` is ExpressionAttributeNames or ExpressionAttributeValues. */
export const noPlaceholders = (parameter: string): Fault => invalid(`${parameter} must not be empty`);

export const invalidPlaceholder = (parameter: string, key: string): Fault =>
  invalid(`${parameter} contains invalid key: Syntax error; key: "${key}"`);

export const invalidPlaceholderValue = (key: string, { message }: Error): Fault =>
  invalid(`ExpressionAttributeValues contains invalid value: ${message} for key ${key}`);

export const placeholderTooLong = (parameter: string, bytes: number): Fault =>
  invalid(
    `${parameter} contains invalid key: The expression attribute map contains a key that is too long; size of key: ${bytes}`,
  );

export const emptyName = (key: string): Fault =>
  invalid(`ExpressionAttributeNames contains invalid value: Empty attribute name for key ${key}`);

export const unusedPlaceholders = (parameter: string, keys: readonly string[]): Fault =>
  invalid(
    `Value provided in ${parameter} unused in expressions: keys: {${keys.join(', ').slice(0, 10_000)}}`,
  );

/** own: AWS has no such limit of its own, apart from that of the operators. */
export const tooMuchWork = (): Fault =>
  invalid('Millpond does not evaluate an expression that searches through more than 8 MB of one item');

// Updates of an item.

export const missingAttribute = (): Fault =>
  invalid('The provided expression refers to an attribute that does not exist in the item');

export const wrongTypeInUpdate = (): Fault =>
  invalid('An operand in the update expression has an incorrect data type');

export const invalidUpdatePath = (): Fault =>
  invalid('The document path provided in the update expression is invalid for update');
