// What a node says of its replication, and which node a feed follows. Pure.

/** From INFO replication. */
export interface ReplicationView {
  isPrimary: boolean;
  /** It is a replica that has no link to its primary, or has not its data yet: it serves no replica of its own. */
  isDetached: boolean;
  id: string;
  offset: number;
  /** The history that its own continues, and the first offset that it does not share with it. */
  formerId: string;
  formerEnd: number;
  /** The oldest byte that it can still send; `undefined` without a backlog. */
  oldest: number | undefined;
}

/** Reads the text of INFO replication. */
export function viewOf(info: string): ReplicationView {
  const fields = new Map(info.split('\r\n').map((line) => line.split(':', 2) as [string, string]));
  const isPrimary = fields.get('role') === 'master';
  return {
    isPrimary,
    isDetached: !isPrimary && fields.get('master_link_status') !== 'up',
    id: fields.get('master_replid') ?? '',
    offset: Number(fields.get('master_repl_offset')),
    formerId: fields.get('master_replid2') ?? '',
    formerEnd: Number(fields.get('second_repl_offset')) - 1,
    oldest:
      fields.get('repl_backlog_active') === '1'
        ? Number(fields.get('repl_backlog_first_byte_offset'))
        : undefined,
  };
}

/** What a spool has. */
export interface Received {
  /** Absent before the first resynchronization. */
  id: string | undefined;
  /** Up to there it was received. */
  end: number;
  /** Up to there it was read, and may have been delivered. */
  read: number;
}

/** How a node's stream joins what was received. */
export type Joint =
  /** From `end` on; what was received beyond it is not of this history, and was not read. */
  | { kind: 'continues'; id: string; end: number }
  /** It has not got as far yet. */
  | { kind: 'behind' }
  /** It is another history, or has forgotten too much. */
  | { kind: 'apart' };

/** How the node's stream joins what was received. */
export function jointOf(view: ReplicationView, { id, end, read }: Received): Joint {
  if (id === undefined) return { kind: 'apart' };
  const from = view.id === id ? end : view.formerId === id ? Math.min(end, view.formerEnd) : undefined;
  if (from === undefined || from < read) return { kind: 'apart' };
  if (from > view.offset) return { kind: 'behind' };
  if (view.oldest === undefined || view.oldest > from + 1) return { kind: 'apart' };
  return { kind: 'continues', id, end: from };
}

/**
 * The last offset of the history that the node has; `undefined` when it has another history. Nothing of it is lost if
 * the node is promoted, and none beyond it may be read before.
 */
export function offsetIn(view: ReplicationView, id: string): number | undefined {
  if (view.id === id) return view.offset;
  return view.formerId === id ? view.formerEnd : undefined;
}

/** A serving node, with what it said; without, it did not answer. */
export interface Candidate {
  nodeId: string;
  view: ReplicationView | undefined;
}

/** What to do next. */
export type Choice =
  | { kind: 'follow'; nodeId: string; joint: Extract<Joint, { kind: 'continues' | 'apart' }> }
  | { kind: 'wait'; why: string };

/**
 * A replica that continues, else the primary if it does; else the wait for a node that is behind; only then a full
 * resynchronization, which a replica serves where there is one.
 */
export function chooseNode(candidates: readonly Candidate[], received: Received): Choice {
  const able = candidates.filter(({ view }) => view && !view.isDetached) as (Candidate & {
    view: ReplicationView;
  })[];
  const inOrder = able.toSorted((a, b) => Number(a.view.isPrimary) - Number(b.view.isPrimary));
  let behind: Candidate | undefined;
  for (const { nodeId, view } of inOrder) {
    const joint = jointOf(view, received);
    if (joint.kind === 'continues') return { kind: 'follow', nodeId, joint };
    if (joint.kind === 'behind') behind ??= { nodeId, view };
  }
  if (behind) return { kind: 'wait', why: `waits for ${behind.nodeId} to catch up` };
  const [first] = inOrder;
  if (!first) return { kind: 'wait', why: 'waits for a node that serves' };
  return { kind: 'follow', nodeId: first.nodeId, joint: { kind: 'apart' } };
}
