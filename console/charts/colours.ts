// Colours of series. Pure.

/** Told apart on both backgrounds, also by most of those who see red and green alike. */
const PALETTE = [
  ...['#3b82d6', '#e8833a', '#2fa37c', '#d9485f', '#8b6ad9', '#c2a01e', '#d86fb4', '#17a3b8', '#8d6e55'],
  '#7d8a97',
];

/** The colour of the series at this place. */
export const colourOf = (given: string | undefined, index: number): string =>
  given ?? PALETTE[index % PALETTE.length]!;

/** `#rgb` or `#rrggbb` as a colour with this opacity from 0 to 1. */
export function withOpacity(colour: string, opacity: number): string {
  const digits = colour.slice(1);
  const whole = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const byte = Math.round(opacity * 255);
  return `#${whole}${byte.toString(16).padStart(2, '0')}`;
}
