// The intrinsic functions, one JavaScript function each. When a call needs a value that is not known yet, its whole
// result is an Unknown, unless the known part is useful by itself (a list with one unknown item).

import type { Value } from '../../../control/resource-type.ts';
import { cidrBlocks } from './cidr.ts';
import { isTrue } from './condition-functions.ts';
import type { CallContext, IntrinsicFunction, Result } from './evaluation-context.ts';
import { argumentsOf, attributeNameOf, subParts, substitutionOf } from './intrinsics.ts';
import { TemplateError, validationError } from './issues.ts';
import { member, type Place, plainOf, type TemplateNode, textOf } from './node.ts';
import { type Cause, causesIn, type Evaluated, Unknown } from './unknown-value.ts';

/** By the name that templates use: `Fn::GetAtt`. `Ref` is not here: `evaluate` handles it. */
export const FUNCTIONS: ReadonlyMap<string, IntrinsicFunction> = new Map<string, IntrinsicFunction>([
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', sub],
  ['Fn::Join', join],
  ['Fn::Split', split],
  ['Fn::Select', select],
  ['Fn::FindInMap', findInMap],
  ['Fn::If', branch],
  ['Fn::ImportValue', importValue],
  ['Fn::GetAZs', getZones],
  ['Fn::Base64', base64],
  ['Fn::Cidr', cidr],
  ['Fn::Length', length],
  ['Fn::ToJsonString', toJsonString],
  ...['And', 'Or', 'Not', 'Equals'].map(
    (name) =>
      [
        `Fn::${name}`,
        (argument: TemplateNode, call: CallContext) =>
          isTrue({ function: `Fn::${name}`, argument, place: call.place }, call),
      ] as const,
  ),
]);

function fail(message: string, place: Place): never {
  throw new TemplateError(validationError(message, place));
}

/** Characters of the budget that an item costs, even when it is shorter. */
const ITEM_COST = 16;
const MOST_ITEMS = 100_000;

function spend(amount: number, call: CallContext): void {
  call.context.budget.left -= amount;
  if (call.context.budget.left < 0) fail('The template evaluates to more data than is allowed', call.place);
}

const wrongShape = (name: string, shape: string, place: Place): never =>
  fail(`every ${name} object requires ${shape}`, place);

/** The argument's value, with `null` for `AWS::NoValue`. */
function valueIn(node: TemplateNode, call: CallContext): Evaluated {
  const value = call.evaluate(node);
  return typeof value === 'symbol' ? null : value;
}

function getAtt(argument: TemplateNode, call: CallContext): Result {
  const name = attributeNameOf(argument);
  if (!name)
    return wrongShape(
      'Fn::GetAtt',
      'two non-empty parameters, the resource name and the resource attribute',
      call.place,
    );
  let { attribute } = name;
  if (attribute === undefined) {
    const value = valueIn((argument as { items: TemplateNode[] }).items[1]!, call);
    if (value instanceof Unknown) return value;
    attribute = String(value);
  }
  return attributeOf(name.logicalId, attribute, call);
}

function attributeOf(logicalId: string, attribute: string, call: CallContext): Evaluated {
  const resource = call.context.resource(logicalId);
  if (!resource) return new Unknown([{ kind: 'attribute', logicalId, attribute }]);
  const value = resource.attribute(attribute);
  if (value === undefined) {
    throw new TemplateError({
      message: `Attribute '${attribute}' does not exist on resource '${logicalId}'`,
      place: call.place,
    });
  }
  return value;
}

function sub(argument: TemplateNode, call: CallContext): Result {
  const found = substitutionOf(argument);
  const parts = found && subParts(found.text);
  if (!parts) {
    const shape = found
      ? "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string"
      : 'every Fn::Sub object requires one or two arguments';
    return fail(shape, argument.place);
  }
  // Each variable is evaluated once, even when the text names it several times.
  const variables = new Map<string, Evaluated>();
  const values = parts.map((part): Evaluated => {
    if ('text' in part) return part.text;
    const known = variables.get(part.name);
    if (known !== undefined) return known;
    const variable = found.variables.get(part.name);
    if (variable) {
      const value = valueIn(variable, call);
      variables.set(part.name, value);
      return value;
    }
    const dot = part.name.indexOf('.');
    if (dot > 0) return attributeOf(part.name.slice(0, dot), part.name.slice(dot + 1), call);
    const value = call.reference(part.name);
    return typeof value === 'symbol' ? '' : value;
  });
  return joined(values, '', 'Fn::Sub', call);
}

function joined(values: readonly Evaluated[], delimiter: string, name: string, call: CallContext): Evaluated {
  const causes = causesIn([...values]);
  if (causes.length > 0) return new Unknown(causes);
  const texts = values.map((value) => {
    if (typeof value === 'object' && !Array.isArray(value)) {
      return fail(`${name}: a value must be a string`, call.place);
    }
    const text = Array.isArray(value) ? value.join(',') : String(value);
    spend(text.length + delimiter.length, call);
    return text;
  });
  return texts.join(delimiter);
}

function join(argument: TemplateNode, call: CallContext): Result {
  const parts = argumentsOf(argument, 2);
  const shape =
    'two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.';
  const delimiter = textOf(parts?.[0]);
  if (!parts || delimiter === undefined) return wrongShape('Fn::Join', shape, call.place);
  const items = valueIn(parts[1]!, call);
  if (items instanceof Unknown) return items;
  if (!Array.isArray(items)) return wrongShape('Fn::Join', shape, parts[1]!.place);
  return joined(items, delimiter, 'Fn::Join', call);
}

function split(argument: TemplateNode, call: CallContext): Result {
  const parts = argumentsOf(argument, 2);
  const delimiter = textOf(parts?.[0]);
  const shape =
    'two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.';
  if (!parts || !delimiter) return wrongShape('Fn::Split', shape, call.place);
  const text = valueIn(parts[1]!, call);
  if (text instanceof Unknown) return text;
  if (text === null || typeof text === 'object') return wrongShape('Fn::Split', shape, parts[1]!.place);
  spend(String(text).length, call);
  const items = String(text).split(delimiter, MOST_ITEMS + 1);
  if (items.length > MOST_ITEMS) fail(`Fn::Split: more than ${MOST_ITEMS} items`, call.place);
  spend(items.length * ITEM_COST, call);
  return items;
}

function select(argument: TemplateNode, call: CallContext): Result {
  const parts = argumentsOf(argument, 2);
  if (!parts)
    return fail(
      'Fn::Select requires a list argument with two elements: an integer index and a list',
      call.place,
    );
  const index = valueIn(parts[0]!, call);
  const list = valueIn(parts[1]!, call);
  if (index instanceof Unknown || list instanceof Unknown) return new Unknown(causesIn([index, list]));
  if (!Array.isArray(list) || !/^\d+$/.test(String(index))) {
    return fail(
      'Fn::Select requires a list argument with two elements: an integer index and a list',
      call.place,
    );
  }
  const item = list[Number(index)];
  if (item === undefined)
    return fail(`Fn::Select cannot select nonexistent value at index ${index}`, call.place);
  return item;
}

function findInMap(argument: TemplateNode, call: CallContext): Result {
  const parts = argumentsOf(argument, 3, 4);
  if (!parts)
    return wrongShape(
      'Fn::FindInMap',
      'three parameters, the map name, map key and the attribute for return value',
      call.place,
    );
  const keys = parts.slice(0, 3).map((part) => valueIn(part, call));
  const causes = causesIn(keys);
  if (causes.length > 0) return new Unknown(causes);
  const [map, top, second] = keys.map(String) as [string, string, string];
  const found = member(member(call.context.mappings.get(map), top), second);
  if (found) {
    // Mappings are literal: a call inside one is not evaluated.
    const value = plainOf(found);
    if (Array.isArray(value)) spend(value.length, call);
    return value;
  }
  const fallback = parts[3] && member(parts[3], 'DefaultValue');
  if (fallback) return call.evaluate(fallback);
  return fail(`Unable to get mapping for ${map}::${top}::${second}`, call.place);
}

function branch(argument: TemplateNode, call: CallContext): Result {
  const parts = argumentsOf(argument, 3);
  const name = textOf(parts?.[0]);
  if (!parts || name === undefined) {
    return fail('Fn::If requires a list argument with the first element being a condition', call.place);
  }
  const holds = call.context.conditions.get(name);
  if (holds === undefined)
    return fail(`Unresolved condition dependency ${name} in the Resources block of the template`, call.place);
  return call.evaluate(holds ? parts[1]! : parts[2]!);
}

function importValue(argument: TemplateNode, call: CallContext): Result {
  const name = valueIn(argument, call);
  if (name instanceof Unknown) return name;
  if (typeof name !== 'string')
    return fail(
      'the attribute in Fn::ImportValue must be a string or a function that returns a string',
      call.place,
    );
  return call.context.exported(name) ?? new Unknown([{ kind: 'export', name }]);
}

function getZones(argument: TemplateNode, call: CallContext): Result {
  const region = valueIn(argument, call);
  if (region instanceof Unknown) return region;
  if (region !== null && typeof region !== 'string') return wrongShape('Fn::GetAZs', 'a region', call.place);
  return [...call.context.zones(region || String(call.context.parameters.get('AWS::Region')))];
}

function base64(argument: TemplateNode, call: CallContext): Result {
  const text = valueIn(argument, call);
  if (text instanceof Unknown) return text;
  if (text === null || typeof text === 'object')
    return fail('every Fn::Base64 object must have a String-typed value.', call.place);
  spend(String(text).length, call);
  return Buffer.from(String(text)).toString('base64');
}

function cidr(argument: TemplateNode, call: CallContext): Result {
  const parts = argumentsOf(argument, 2, 3);
  if (!parts) return wrongShape('Fn::Cidr', 'a list of two or three parameters', call.place);
  const values = parts.map((part) => valueIn(part, call));
  const causes: Cause[] = causesIn(values);
  if (causes.length > 0) return new Unknown(causes);
  const blocks = cidrBlocks(
    String(values[0]),
    Number(values[1]),
    values[2] === undefined ? undefined : Number(values[2]),
  );
  if (typeof blocks === 'string') return fail(blocks, call.place);
  return blocks;
}

function length(argument: TemplateNode, call: CallContext): Result {
  const list = valueIn(argument, call);
  if (list instanceof Unknown) return list;
  if (!Array.isArray(list)) return fail('Fn::Length expects a value of type Array', call.place);
  return list.length;
}

function toJsonString(argument: TemplateNode, call: CallContext): Result {
  const value = valueIn(argument, call);
  const causes = causesIn(value);
  if (causes.length > 0) return new Unknown(causes);
  if (typeof value !== 'object') return fail('Fn::ToJsonString expects an object or an array', call.place);
  const text = JSON.stringify(value as Value);
  spend(text.length, call);
  return text;
}
