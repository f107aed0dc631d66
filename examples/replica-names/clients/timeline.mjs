// What was seen, second by second: which node served which name, and how many connections each node took. Also as
// lines of text.

export class Timeline {
  /** The first is the primary's. */
  names;
  /** Moments with a label, in seconds. */
  marks = [];
  /** Seconds seen so far. */
  seconds = 0;
  #groupId;
  #members = new Map();
  /** Name -> second -> { served: member -> number, failed, byPrimary }. */
  #cells = new Map();
  /** Name -> { asked, failed, byPrimary, lastByPrimary }. */
  #totals = new Map();
  /** Member -> second -> the counter's value. */
  #counters = new Map();

  constructor(groupId, names) {
    this.#groupId = groupId;
    this.names = names;
    for (const name of names) {
      this.#cells.set(name, []);
      this.#totals.set(name, { asked: 0, failed: 0, byPrimary: 0, lastByPrimary: undefined });
    }
  }

  learn(memberId, address) {
    this.#members.set(address, memberId);
  }

  mark(at, label) {
    this.marks.push({ at, label });
  }

  served(name, at, address, role) {
    const member = this.#members.get(address) ?? address;
    const cell = this.#cellAt(name, at);
    const total = this.#totals.get(name);
    cell.served.set(member, (cell.served.get(member) ?? 0) + 1);
    total.asked++;
    if (role !== 'primary') return;
    cell.byPrimary++;
    total.byPrimary++;
    total.lastByPrimary = at;
  }

  failed(name, at) {
    this.#cellAt(name, at).failed++;
    const total = this.#totals.get(name);
    total.asked++;
    total.failed++;
  }

  /** `total` is what the node has taken since it started, `undefined` when it did not say. */
  connections(memberId, second, total) {
    if (!this.#counters.has(memberId)) this.#counters.set(memberId, []);
    this.#counters.get(memberId)[second] = total;
    this.seconds = Math.max(this.seconds, second + 1);
  }

  /** Member -> second -> new connections; a node that began anew counts from nothing. */
  newConnections() {
    const rates = ([member, totals]) => {
      const rate = (now, second) => {
        const before = totals[second - 1];
        if (now === undefined || second === 0) return undefined;
        return before === undefined || now < before ? now : now - before;
      };
      return [member, Array.from(totals, rate)];
    };
    return new Map([...this.#counters].map(rates).sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** Who served the name in that second, the one that did most often first; whether any failed. */
  at(name, second) {
    const cell = this.#cells.get(name)[second];
    const members = [...(cell?.served ?? [])].sort(([, one], [, other]) => other - one).map(([id]) => id);
    return { members, failed: cell?.failed ?? 0, byPrimary: cell?.byPrimary ?? 0 };
  }

  heading() {
    return ['second', ...this.names.map((name) => this.label(name))].map(pad).join('');
  }

  /** A node by the end of its id; `!` some connections failed, `*` the primary served. */
  row(second) {
    const cells = this.names.map((name, index) => {
      const { members, failed, byPrimary } = this.at(name, second);
      const nodes = members.map((id) => this.short(id)).join(',');
      return `${nodes || '-'}${index > 0 && byPrimary ? '*' : ''}${failed ? '!' : ''}`;
    });
    const marks = this.marks
      .filter(({ at }) => Math.floor(at) === second)
      .map(({ label }) => `  <- ${label}`);
    return [`${second}`, ...cells].map(pad).join('') + marks.join('');
  }

  summary() {
    const [mark] = this.marks;
    const lines = this.names.slice(1).map((name) => {
      const { asked, failed, byPrimary, lastByPrimary } = this.#totals.get(name);
      const counts = `${this.label(name)}: ${asked} looks, ${failed} failed, ${byPrimary} met the primary`;
      return byPrimary && mark
        ? `${counts}, the last ${(lastByPrimary - mark.at).toFixed(1)} s after ${mark.label}`
        : counts;
    });
    return lines.join('\n');
  }

  /** The primary's name is long. */
  label(name) {
    return name === this.names[0] ? 'primary' : name.split('.', 1)[0];
  }

  short(memberId) {
    return memberId.startsWith(`${this.#groupId}-`) ? memberId.slice(this.#groupId.length + 1) : memberId;
  }

  #cellAt(name, at) {
    const cells = this.#cells.get(name);
    return (cells[Math.floor(at)] ??= { served: new Map(), failed: 0, byPrimary: 0 });
  }
}

const pad = (text) => ` ${text}`.padStart(9);
