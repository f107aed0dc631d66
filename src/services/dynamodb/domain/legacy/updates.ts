// The legacy parameter AttributeUpdates, as an update. Pure.

import { addTypeUnsupported, deleteTypeUnsupported, valueRequired } from '../../faults/legacy.ts';
import { PathTree } from '../path-tree.ts';
import { type Action, Update } from '../update.ts';
import { checkValue, type GivenValue, typeOf } from '../values.ts';

/** What is done with an attribute; PUT by default. */
export interface AttributeUpdateInput {
  Action?: string | undefined;
  Value?: GivenValue | undefined;
}

const SETS: readonly string[] = ['SS', 'NS', 'BS'];
/** AWS: lists, too, although that is not documented. */
const ADDABLE: readonly string[] = [...SETS, 'N', 'L'];

/** Throws ValidationException. No updates are an update that changes nothing. */
export function legacyUpdate(given: Readonly<Record<string, AttributeUpdateInput>> | undefined): Update {
  const actions = Object.entries(given ?? {}).map(([name, update]) => actionOf(name, update));
  const paths = actions.map(({ path }) => path);
  return new Update({ actions, targets: new PathTree(paths), paths, isLegacy: true });
}

function actionOf(name: string, { Action: action, Value: value }: AttributeUpdateInput): Action {
  const path = [name] as const;
  if (!value) {
    if (action !== 'DELETE') throw valueRequired();
    return { kind: 'REMOVE', path };
  }
  checkValue(value);
  const type = typeOf(value);
  if (action === 'DELETE') {
    if (!SETS.includes(type)) throw deleteTypeUnsupported(type);
    return { kind: 'DELETE', path, value };
  }
  if (action === 'ADD') {
    if (!ADDABLE.includes(type)) throw addTypeUnsupported(type);
    return { kind: 'ADD', path, value };
  }
  return { kind: 'SET', path, value: { kind: 'value', value }, type };
}
