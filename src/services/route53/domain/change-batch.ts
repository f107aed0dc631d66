// The rules of ChangeResourceRecordSets: whether a batch of changes, applied in order, leaves the zone valid. A batch
// is applied as a whole or not at all. Pure; nothing is written here.

import { invalidChangeBatch, invalidInput } from '../faults.ts';
import { type Change, type GivenChange, readChange } from './given-change.ts';
import { isWithin } from './names.ts';
import { isEqualSet, isSameSet, type RecordSet } from './record-set.ts';

/** The zone that a batch applies to. */
export interface Zone {
  id: string;
  name: string;
  /** The number of its record sets. */
  count: number;
  setsAt(name: string): readonly RecordSet[];
  /** The resource that a computed name belongs to; `undefined` for all other names. */
  ownerOf(name: string): string | undefined;
}

/** What a valid batch changes in the store. */
export interface Outcome {
  put: RecordSet[];
  deleted: RecordSet[];
}

/** AWS: the most record sets of a zone. */
export const MOST_SETS = 10_000;
const MOST_RECORDS = 1_000;
const MOST_CHARACTERS = 32_000;

/**
 * Validates a batch and returns what it changes. Throws InvalidInput, NoSuchHealthCheck, and InvalidChangeBatch with
 * all problems.
 */
export function applyBatch(zone: Zone, given: readonly GivenChange[]): Outcome {
  if (given.length === 0) throw invalidInput('Invalid request: Expected at least one change in ChangeBatch');
  const changes = given.map(readChange);
  checkSize(changes);
  const problems = changes.flatMap((change) => change.problems);
  problems.push(...repetitions(changes));
  if (problems.length > 0) throw invalidChangeBatch(problems);
  const draft = new Draft(zone);
  for (const change of changes) {
    const problem = draft.apply(change);
    if (problem) problems.push(problem);
  }
  problems.push(...draft.problemsOfAliases());
  if (problems.length > 0) throw invalidChangeBatch([...new Set(problems)]);
  return draft.outcome();
}

function checkSize(changes: readonly Change[]): void {
  // AWS: an UPSERT counts twice.
  const factor = ({ action }: Change) => (action === 'UPSERT' ? 2 : 1);
  const records = changes.reduce(
    (sum, change) => sum + factor(change) * Math.max(1, change.set.values.length),
    0,
  );
  const characters = changes.reduce(
    (sum, change) => sum + factor(change) * change.set.values.join('').length,
    0,
  );
  if (records > MOST_RECORDS)
    throw invalidChangeBatch([`Number of records limit of ${MOST_RECORDS} exceeded.`]);
  if (characters > MOST_CHARACTERS)
    throw invalidChangeBatch([`Number of characters limit of ${MOST_CHARACTERS} exceeded.`]);
}

/** A batch may delete a record set and then create it again, and nothing else twice. */
function repetitions(changes: readonly Change[]): string[] {
  const problems: string[] = [];
  const last = new Map<string, Change>();
  for (const change of changes) {
    const { set } = change;
    const key = JSON.stringify([set.name, set.type, set.setIdentifier ?? null]);
    const earlier = last.get(key);
    if (earlier && !(earlier.action === 'DELETE' && change.action !== 'DELETE')) {
      problems.push(
        `The request contains an invalid set of changes for a resource record set '${set.type} ${set.name}'`,
      );
    }
    last.set(key, change);
  }
  return problems;
}

/** The names that a batch changes, with their record sets after the changes so far. */
class Draft {
  readonly #zone: Zone;
  readonly #names = new Map<string, RecordSet[]>();
  readonly #aliases: RecordSet[] = [];
  #count: number;

  constructor(zone: Zone) {
    this.#zone = zone;
    this.#count = zone.count;
  }

  /** Applies a change. Returns what is wrong with it, or `undefined`. */
  apply({ action, set }: Change): string | undefined {
    if (!isWithin(set.name, this.#zone.name))
      return `RRSet with DNS name ${set.name} is not permitted in zone ${this.#zone.name}`;
    const owner = this.#zone.ownerOf(set.name);
    // A record set that was stored before Millpond computed the name can be deleted. It is hidden, so its values need
    // not match.
    if (owner && action === 'DELETE' && this.#deleteHidden(set)) return undefined;
    if (owner) return `The resource record set [${labelOf(set)}] is managed by Millpond for ${owner}`;
    return action === 'DELETE' ? this.#delete(set) : this.#put(action, set);
  }

  #delete(set: RecordSet): string | undefined {
    const { name, type } = set;
    if (name === this.#zone.name && type === 'SOA')
      return 'A HostedZone must contain exactly one SOA record.';
    if (name === this.#zone.name && type === 'NS')
      return 'A HostedZone must contain at least one NS record for the zone itself.';
    const sets = this.#setsAt(name);
    const index = sets.findIndex((other) => isSameSet(other, set));
    if (index < 0) return `Tried to delete resource record set [${labelOf(set)}] but it was not found`;
    if (!isEqualSet(sets[index]!, set)) {
      return `Tried to delete resource record set [${labelOf(set)}] but the values provided do not match the current values`;
    }
    sets.splice(index, 1);
    this.#count--;
    return undefined;
  }

  #deleteHidden(set: RecordSet): boolean {
    const sets = this.#setsAt(set.name);
    const index = sets.findIndex((other) => isSameSet(other, set));
    if (index < 0) return false;
    sets.splice(index, 1);
    this.#count--;
    return true;
  }

  #put(action: 'CREATE' | 'UPSERT', set: RecordSet): string | undefined {
    const sets = this.#setsAt(set.name);
    const index = sets.findIndex((other) => isSameSet(other, set));
    if (index >= 0 && action === 'CREATE')
      return `Tried to create resource record set [${labelOf(set)}] but it already exists`;
    const others = sets.filter((_other, at) => at !== index);
    const problem = this.#conflictOf(set, others);
    if (problem) return problem;
    if (index < 0 && ++this.#count > MOST_SETS)
      return `The request would exceed the limit of ${MOST_SETS} resource record sets in the hosted zone`;
    sets.splice(index < 0 ? sets.length : index, 1, set);
    if (set.alias) this.#aliases.push(set);
    return undefined;
  }

  #conflictOf(set: RecordSet, others: readonly RecordSet[]): string | undefined {
    const { name, type } = set;
    const zone = this.#zone.name;
    const ofType = `RRSet of type ${type} with DNS name ${name}`;
    if (type === 'CNAME' && name === zone) return `${ofType} is not permitted at apex in zone ${zone}`;
    if (type === 'SOA' && name !== zone)
      return `${ofType} is not permitted as it must be at apex in zone ${zone}`;
    if (others.some((other) => (type === 'CNAME') !== (other.type === 'CNAME')))
      return `${ofType} is not permitted as it conflicts with other records with the same DNS name in zone ${zone}`;
    return routingConflictOf(
      set,
      others.filter((other) => other.type === type),
    );
  }

  /** An alias into the same zone needs an existing target. Route 53 does not check targets in other zones. */
  problemsOfAliases(): string[] {
    return this.#aliases.flatMap(({ type, alias }) => {
      if (alias!.zoneId !== this.#zone.id) return [];
      const tried = `Tried to create an alias that targets ${alias!.name}, type ${type} in zone ${this.#zone.id}, but`;
      if (!isWithin(alias!.name, this.#zone.name))
        return [`${tried} the alias target name does not lie within the target zone`];
      const isThere = this.#setsAt(alias!.name).some((set) => set.type === type);
      return isThere ? [] : [`${tried} that target was not found`];
    });
  }

  #setsAt(name: string): RecordSet[] {
    let sets = this.#names.get(name);
    if (!sets) this.#names.set(name, (sets = [...this.#zone.setsAt(name)]));
    return sets;
  }

  outcome(): Outcome {
    const outcome: Outcome = { put: [], deleted: [] };
    for (const [name, sets] of this.#names) {
      const before = this.#zone.setsAt(name);
      outcome.put.push(...sets.filter((set) => !before.includes(set)));
      outcome.deleted.push(...before.filter((set) => !sets.some((other) => isSameSet(other, set))));
    }
    return outcome;
  }
}

const labelOf = ({ name, type, setIdentifier }: RecordSet): string =>
  `name='${name}', type='${type}'${setIdentifier === undefined ? '' : `, set-identifier='${setIdentifier}'`}`;

const ADJECTIVES = {
  weighted: 'non-weighted set',
  latency: 'non-latency set',
  failover: 'non-failover set',
  geolocation: 'non-geolocation set',
  multivalue: 'non multivalue answer rrset',
} as const;

/** Record sets of one name and type have the same routing policy, and no two of them cover the same case. */
function routingConflictOf(set: RecordSet, others: readonly RecordSet[]): string | undefined {
  const { name, type, routing, setIdentifier } = set;
  const start = `RRSet with DNS name ${name}, type ${type}`;
  if (others.length === 0) return undefined;
  if (!routing) return `${start} cannot be created as other RRSets exist with the same name and type.`;
  const identified = `${start}, SetIdentifier ${setIdentifier}`;
  if (others.some((other) => other.routing?.kind !== routing.kind))
    return `${identified} cannot be created as a ${ADJECTIVES[routing.kind]} exists with the same name and type.`;
  if (
    routing.kind === 'weighted' &&
    !set.alias &&
    others.some((other) => !other.alias && other.ttl !== set.ttl)
  )
    return `${identified} cannot be created as weighted sets must contain the same TTL.`;
  if (routing.kind === 'weighted' || routing.kind === 'multivalue') return undefined;
  const isTaken = others.some((other) => JSON.stringify(other.routing) === JSON.stringify(routing));
  return isTaken
    ? `${identified} cannot be created as another set exists for the same ${routing.kind}.`
    : undefined;
}
