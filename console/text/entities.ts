// The character references of HTML that occur in Markdown. Pure.

const NAMED: Record<string, string> = {
  ...{ amp: '&', apos: "'", gt: '>', lt: '<', nbsp: '\u00a0', quot: '"' },
  ...{ copy: '©', hellip: '…', mdash: '—', middot: '·', ndash: '–', rarr: '→', times: '×' },
};

/** The text with known references replaced. */
export const withoutEntities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{1,10}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? NAMED[name]! : whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
