// What the resource types here have in common: reading properties, which a template may give as text, and names.

import type { Properties, ResourceRequest, Value } from '../../../control/resource-type.ts';
import { Fault } from '../../../wire/fault.ts';

const LONGEST_NAME = 64;

export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined || value === null ? undefined : String(value);
}

/** Rejects what is absent, with CloudFormation's words. */
export function requiredText(properties: Properties, name: string): string {
  const text = textOf(properties, name);
  if (text === undefined) throw new Error(`Properties validation failed: required key [${name}] not found`);
  return text;
}

export function numberOf(properties: Properties, name: string): number | undefined {
  const text = textOf(properties, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number))
    throw new Error(`Value of property ${name} must be a number`);
  return number;
}

export function objectOf(properties: Properties, name: string): Properties | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new Error(`Value of property ${name} must be an object`);
}

export function listOf(properties: Properties, name: string): string[] | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.map(String);
  throw new Error(`Value of property ${name} must be of type List of String`);
}

/** `Tags: [{Key, Value}]`, beneath the stack's own. */
export function tagsOf({
  properties,
  tags,
}: Pick<ResourceRequest, 'properties' | 'tags'>): Record<string, string> {
  const own = Array.isArray(properties.Tags) ? properties.Tags : [];
  const pairs = own.map((tag) => tag as { Key?: Value; Value?: Value });
  return {
    ...tags,
    ...Object.fromEntries(pairs.map(({ Key, Value }) => [String(Key), String(Value ?? '')])),
  };
}

/** As CloudFormation makes names: the stack's, the resource's, and what tells it from all others. */
export function generatedName({ stackName, logicalId, token }: ResourceRequest): string {
  const room = LONGEST_NAME - token.length - 2;
  const logical = logicalId.slice(0, Math.floor(room / 2));
  return `${stackName.slice(0, room - logical.length)}-${logical}-${token}`;
}

/** What is gone already is deleted. */
export async function unlessGone(deleted: Promise<unknown>): Promise<void> {
  try {
    await deleted;
  } catch (error) {
    if (!isFault(error, 'ResourceNotFoundException')) throw error;
  }
}

export const isFault = (error: unknown, shape: string): boolean =>
  error instanceof Fault && error.shape === shape;
