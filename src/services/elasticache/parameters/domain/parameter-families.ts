// Parameter group families as tables of parameters, and the default groups that AWS derives from them. Pure.

import { NODE_TYPES, type NodeType, replicaOutputBufferBytes } from '../../engines/domain/node-types.ts';
import {
  FAMILIES,
  type Family,
  PARAMETER_TABLE,
  type ParameterRow,
  RENAMEABLE_COMMANDS,
} from './parameter-table.ts';

export type { Family };

/** A parameter of one family. */
export interface Parameter {
  name: string;
  /** The default. */
  value: string;
  type: 'string' | 'integer';
  /** In AWS's notation: `yes,no`, `0-`, `1-100`, `0,20-`; `-` is any integer. Absent: any text. */
  allowed?: string;
  modifiable: boolean;
  changeType: 'immediate' | 'requires-reboot';
  minimumVersion: string;
  description: string;
  /** The value for each node type, by the type's name. Absent: the value does not depend on the node type. */
  perNodeType?: Readonly<Record<string, string>>;
}

/** A family of parameter groups. */
export interface ParameterFamily {
  name: Family;
  /** Whether there is a `.cluster.on` default group. */
  clusterMode: boolean;
  /** In the order of DescribeCacheParameters; see `parameterOrder`. */
  parameters: readonly Parameter[];
  /** Parameters that have a value although the family no longer shows them. */
  hidden: Readonly<Record<string, string>>;
}

const FIRST_VERSION: Record<Family, string> = {
  'redis2.6': '2.6.13',
  'redis2.8': '2.8.6',
  'redis3.2': '3.2.4',
  'redis4.0': '4.0.10',
  'redis5.0': '5.0.0',
  'redis6.x': '6.0.0',
  redis7: '7.0.0',
  valkey7: '7.2.0',
  valkey8: '8.0.0',
  valkey9: '9.0.0',
};

/** Oldest first, Redis before Valkey. */
export const PARAMETER_FAMILIES: readonly ParameterFamily[] = FAMILIES.map(familyOf);

const byName = new Map<string, ParameterFamily>(PARAMETER_FAMILIES.map((family) => [family.name, family]));

/** `undefined` when AWS has no such family, or Millpond does not offer its engine. */
export const familyNamed = (name: string): ParameterFamily | undefined => byName.get(name);

/** The sort key of a parameter. AWS: sorts as if names had no hyphens. */
export function parameterOrder(parameter: { name: string }): string {
  return parameter.name.replaceAll('-', '');
}

/** One of AWS's default parameter groups. */
export interface DefaultGroup {
  name: string;
  family: Family;
  description: string;
  clusterOn: boolean;
}

/** The groups that exist in every account: `default.redis7`, `default.redis7.cluster.on`… */
export const DEFAULT_GROUPS: readonly DefaultGroup[] = PARAMETER_FAMILIES.flatMap((family) => [
  defaultGroup(family.name, false),
  ...(family.clusterMode ? [defaultGroup(family.name, true)] : []),
]);

/** `default.redis7`, or `default.redis7.cluster.on`. */
export function defaultGroupName(family: string, clusterOn: boolean): string {
  return `default.${family}${clusterOn ? '.cluster.on' : ''}`;
}

function defaultGroup(family: Family, clusterOn: boolean): DefaultGroup {
  const description = clusterOn
    ? `Customized default parameter group for ${family} with cluster mode on`
    : `Default parameter group for ${family}`;
  return { name: defaultGroupName(family, clusterOn), family, description, clusterOn };
}

function familyOf(name: Family): ParameterFamily {
  const shown = PARAMETER_TABLE.filter((row) => isBetween(name, row.since, row.until));
  const gone = PARAMETER_TABLE.filter(
    (row) => row.hidden !== undefined && row.until && isAfter(name, row.until),
  );
  return {
    name,
    clusterMode: shown.some((row) => row.name === 'cluster-enabled'),
    parameters: shown
      .map((row) => parameterOf(row, name))
      .sort((a, b) => (parameterOrder(a) < parameterOrder(b) ? -1 : 1)),
    hidden: Object.fromEntries(gone.map((row) => [row.name, row.hidden!])),
  };
}

function parameterOf(row: ParameterRow, family: Family): Parameter {
  const changes = FAMILIES.filter((step) => !isAfter(step, family)).map((step) => row.changes?.[step] ?? {});
  const traits = Object.assign({}, row, ...changes) as ParameterRow;
  const allowed = row.name === 'rename-commands' ? RENAMEABLE_COMMANDS.join(',') : traits.allowed;
  return {
    name: row.name,
    value: traits.value,
    type: row.type,
    ...(allowed !== undefined && { allowed }),
    modifiable: !traits.fixed,
    changeType: row.reboot ? 'requires-reboot' : 'immediate',
    minimumVersion: row.minimumVersion && row.since === family ? row.minimumVersion : FIRST_VERSION[family],
    description: row.description,
    ...(row.perNodeType && { perNodeType: perNodeType(row.name) }),
  };
}

function perNodeType(parameter: string): Record<string, string> {
  const bytes = (type: NodeType) =>
    parameter === 'maxmemory' ? type.maxMemoryBytes : replicaOutputBufferBytes(type);
  return Object.fromEntries(NODE_TYPES.map((type) => [type.name, String(bytes(type))]));
}

function isAfter(family: Family, other: Family): boolean {
  return FAMILIES.indexOf(family) > FAMILIES.indexOf(other);
}

function isBetween(family: Family, since: Family, until: Family | undefined): boolean {
  return !isAfter(since, family) && !(until && isAfter(family, until));
}
