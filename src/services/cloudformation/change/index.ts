// The public interface of change/, which compares a deployed stack with a definition. Pure.

export { compareProperties, mustReplace, type PropertyChange, sameValue } from './compare.ts';
export { type ChangeDetail, KNOWN_AFTER_APPLY, shownValue } from './details.ts';
export {
  type ChangeAction,
  type ChangeInput,
  type ChangeTree,
  type ExistingResource,
  hasChanges,
  type ResourceChange,
  type StackAfter,
  type StackBefore,
} from './model.ts';
export { fixedNameOf, isSameResource } from './resource-change.ts';
export { buildChangeTree, changeTreeSteps } from './tree.ts';
