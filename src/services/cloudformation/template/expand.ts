// Expands the transforms of a template: SAM and AWS::Include. AWS::LanguageExtensions needs no expansion, because the
// evaluator supports its functions. Any other transform is refused by name; macros are not supported.

import type { Value } from '../../../control/resource-type.ts';
import { callOf } from './intrinsics.ts';
import { formatError, TemplateError, TransformError } from './issues.ts';
import { type Entry, member, type ObjectNode, type Place, type TemplateNode, textOf } from './node.ts';
import { parseTemplate } from './parse.ts';
import { SAM_TRANSFORM, transformServerless } from './sam/transform.ts';

/** What the transforms need. */
export interface ExpandInput {
  region: string;
  /** The known parameter values, by name. */
  parameters: ReadonlyMap<string, Value>;
  /** Fetches the text of an AWS::Include. Rejects when there is none. */
  include(location: string): Promise<string>;
}

const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';
const MAX_INCLUDES = 50;

/** The processed template, as GetTemplate shows it, without `Transform`. Rejects with a TransformError. */
export async function expandTransforms(root: ObjectNode, input: ExpandInput): Promise<ObjectNode> {
  try {
    return await expanded(root, input);
  } catch (error) {
    throw error instanceof TemplateError ? new TransformError(error.issues) : error;
  }
}

async function expanded(root: ObjectNode, input: ExpandInput): Promise<ObjectNode> {
  const includes = new Includes(input);
  let result = (await includes.expand(root)) as ObjectNode;
  const declared = member(root, 'Transform');
  for (const item of declared?.kind === 'list' ? declared.items : declared ? [declared] : []) {
    const name = textOf(item) ?? textOf(member(item, 'Name')) ?? '';
    if (name === SAM_TRANSFORM) result = transformServerless(result, input);
    else if (name === 'AWS::Include') result = await includes.intoRoot(result, item);
    else if (name !== LANGUAGE_EXTENSIONS) throw new TemplateError(noTransform(name, item.place));
  }
  const entries = new Map(result.entries);
  entries.delete('Transform');
  return { ...result, entries };
}

const noTransform = (name: string, place: Place) => ({ message: `No transform named ${name} found.`, place });

class Includes {
  private readonly input: ExpandInput;
  private made = 0;

  constructor(input: ExpandInput) {
    this.input = input;
  }

  /** Replaces every include. An include next to other members adds its members to them. */
  async expand(node: TemplateNode): Promise<TemplateNode> {
    if (node.kind === 'scalar') return node;
    if (node.kind === 'list') {
      const items: TemplateNode[] = [];
      for (const item of node.items) items.push(await this.expand(item));
      return { ...node, items };
    }
    if (callOf(node)?.function === 'Fn::Transform') return this.fetch(callOf(node)!.argument);
    const entries = new Map<string, Entry>();
    for (const [key, entry] of node.entries) {
      if (key !== 'Fn::Transform') {
        entries.set(key, { ...entry, value: await this.expand(entry.value) });
        continue;
      }
      for (const item of entry.value.kind === 'list' ? entry.value.items : [entry.value]) {
        for (const [name, included] of (await this.fetch(item)).entries) entries.set(name, included);
      }
    }
    return { ...node, entries };
  }

  async intoRoot(root: ObjectNode, item: TemplateNode): Promise<ObjectNode> {
    const included = await this.fetch(item);
    return { ...root, entries: new Map([...included.entries, ...root.entries]) };
  }

  private async fetch(item: TemplateNode): Promise<ObjectNode> {
    const name = textOf(member(item, 'Name')) ?? '';
    if (name !== 'AWS::Include') throw new TemplateError(noTransform(name, item.place));
    const node = member(member(item, 'Parameters'), 'Location');
    const location = node && this.locationOf(node);
    if (location === undefined) {
      throw new TemplateError(formatError('AWS::Include needs a Location.', item.place));
    }
    if (++this.made > MAX_INCLUDES) {
      throw new TemplateError(formatError(`More than ${MAX_INCLUDES} includes.`, item.place));
    }
    const fail = (reason: string): never => {
      throw new TemplateError({
        message: `Transform AWS::Include failed with: ${reason}`,
        place: item.place,
      });
    };
    const text = await this.input
      .include(location)
      .catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
    try {
      return parseTemplate(text);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return fail("The specified S3 object's content should be valid Yaml/JSON");
    }
  }

  private locationOf(node: TemplateNode): string | undefined {
    const call = callOf(node);
    if (!call) return textOf(node);
    const value =
      call.function === 'Ref' ? this.input.parameters.get(textOf(call.argument) ?? '') : undefined;
    return typeof value === 'string' ? value : undefined;
  }
}
