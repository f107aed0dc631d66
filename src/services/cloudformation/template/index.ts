// The public interface of template/, which turns a template's text into evaluated values. It does no I/O by itself.
//
//   parseTemplate(text)            parses the text into nodes with places
//   expandTransforms(root, …)      replaces SAM resources and AWS::Include by plain resources
//   readTemplate(root)             reads the sections into declarations and reports malformed ones
//   validateTemplate(template, …)  finds all errors that need no created resource
//   resolveParameters(…)           resolves and checks the parameters
//   stackContext(…)                builds the context for evaluation
//   failedRules(…), evaluate(…), evaluateOutputs(…), dependenciesOf(…)
//
// Errors are TemplateErrors. Their messages are AWS's, with the place added.

export { asProperties, coerceProperties } from './coerce.ts';
export {
  type DynamicReference,
  dynamicReferencesIn,
  misplacedSecureReferences,
  misplacedSecureText,
  replaceDynamicReferences,
} from './dynamic-references.ts';
export { evaluate, evaluateOptional } from './evaluate.ts';
export { type EvaluationContext, type KnownResource, NO_VALUE } from './evaluation-context.ts';
export { type ExpandInput, expandTransforms } from './expand.ts';
export {
  activeResources,
  creationOrder,
  type Dependencies,
  dependenciesOf,
} from './graph.ts';
export { describeIssue, describeIssues, TemplateError, type TemplateIssue } from './issues.ts';
export { member, type ObjectNode, type Place, plainOf, type TemplateNode, textOf } from './node.ts';
export type { ParameterDeclaration } from './parameter-declaration.ts';
export type { ExistingType } from './parameter-type.ts';
export {
  type GivenParameter,
  type ParameterLookups,
  type ResolvedParameter,
  resolveParameters,
} from './parameters.ts';
export { MAX_BODY_BYTES, MAX_OBJECT_BYTES, parseTemplate } from './parse.ts';
export type { StackIdentity } from './pseudo-parameters.ts';
export type { DeletionPolicy, ResourceDeclaration } from './resource-declaration.ts';
export { failedRules, type RuleContext } from './rules.ts';
export { type EvaluatedOutput, evaluateOutputs, stackContext } from './stack-context.ts';
export {
  type Capability,
  capabilitiesOf,
  insufficientCapabilities,
  missingCapabilities,
  summarize,
  type TemplateSummary,
} from './summary.ts';
export {
  type OutputDeclaration,
  type ReadTemplate,
  readTemplate,
  type Template,
  templateOf,
} from './template.ts';
export {
  type Cause,
  causesIn,
  causeText,
  type Evaluated,
  type EvaluatedObject,
  isKnown,
  Unknown,
} from './unknown-value.ts';
export { type ValidationOptions, validateTemplate } from './validate.ts';
