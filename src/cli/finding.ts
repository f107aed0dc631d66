// What `millpond doctor` finds.

/** One line of the doctor's table. */
export interface Finding {
  what: string;
  /** `note` matters to some users; `lacking` limits Millpond; `missing` prevents it from working. */
  verdict: 'ok' | 'note' | 'lacking' | 'missing';
  detail: string;
}
