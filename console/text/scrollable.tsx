// A part of the page that scrolls, by the keyboard too.

import type { ComponentChildren } from 'preact';

export function Scrollable({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must take the focus to be scrolled by keys.
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
