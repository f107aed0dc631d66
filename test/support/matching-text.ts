// Generates texts that a regular expression matches, of a given length if possible, and texts that repeat each of its
// repetitions many times. It walks the expression; look-arounds are only tested, so sometimes no text is found.

import { type AST, parseRegExpLiteral } from '@eslint-community/regexpp';
import type { Random } from './random-input.ts';

const ATTEMPTS = 60;
/** Longer texts are not tried. */
const LONGEST = 4_096;
/** Candidates for a character class, in this order; every class in AWS's models contains one of them. */
const CHARACTERS = [...'a0A1bZz9-_./:@+=, #%$*~é\u00A0\t\n"&<\u0001'];

export interface Lengths {
  min: number;
  max: number;
}

/** A matching text within the lengths, of exactly `lengths.min` or `lengths.max` characters if `at` says so. */
export function matchingText(
  expression: RegExp,
  lengths: Lengths,
  random: Random,
  at?: 'min' | 'max',
): string | undefined {
  const { pattern } = parseRegExpLiteral(expression);
  const wanted = at && lengths[at] <= LONGEST ? lengths[at] : undefined;
  const isGood = (text: string) => {
    const length = [...text].length;
    const fits = wanted === undefined ? length >= lengths.min && length <= lengths.max : length === wanted;
    return fits && expression.test(text);
  };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const writer = new Writer(random, attempt);
    const text = writer.write(pattern.alternatives);
    if (isGood(text)) return text;
    const target = wanted ?? lengths.min;
    if ([...text].length >= target) continue;
    for (const repetition of writer.repetitions) {
      const longer = new Writer(random, attempt, { repetition, by: target - [...text].length });
      const stretched = longer.write(pattern.alternatives);
      if (isGood(stretched)) return stretched;
    }
  }
  return undefined;
}

/** For each repetition without a small limit, a matching prefix in which it is repeated to about `length`. */
export function pumpedTexts(expression: RegExp, length: number, random: Random): string[] {
  const { pattern } = parseRegExpLiteral(expression);
  const texts: string[] = [];
  for (let attempt = 0; attempt < 2; attempt++) {
    const writer = new Writer(random, attempt);
    writer.write(pattern.alternatives);
    for (const repetition of writer.repetitions) {
      texts.push(new Writer(random, attempt, { repetition, by: length }).write(pattern.alternatives));
    }
  }
  return texts.map((text) => text.slice(0, length));
}

/** Writes one text. The same random numbers may choose other alternatives in another text. */
class Writer {
  /** The nodes that it visited, in order. */
  readonly repetitions: AST.Quantifier[] = [];
  readonly #random: Random;
  readonly #attempt: number;
  readonly #stretch: { repetition: AST.Quantifier; by: number } | undefined;

  constructor(random: Random, attempt: number, stretch?: { repetition: AST.Quantifier; by: number }) {
    this.#random = random;
    this.#attempt = attempt;
    this.#stretch = stretch;
  }

  write(alternatives: readonly AST.Alternative[]): string {
    const chosen = this.#towards(alternatives) ?? alternatives[this.#below(alternatives.length)]!;
    return chosen.elements.map((element) => this.#element(element)).join('');
  }

  /** The alternative that contains the repetition to extend. */
  #towards(alternatives: readonly AST.Alternative[]): AST.Alternative | undefined {
    const wanted = this.#stretch?.repetition;
    return wanted && alternatives.find(({ start, end }) => start <= wanted.start && wanted.end <= end);
  }

  #element(element: AST.Element): string {
    switch (element.type) {
      case 'Group':
      case 'CapturingGroup':
        return this.write(element.alternatives);
      case 'Quantifier':
        return this.#repeated(element);
      case 'Character':
        return String.fromCodePoint(element.value);
      case 'CharacterClass':
      case 'CharacterSet':
        return this.#characterOf(element.raw);
      default:
        return '';
    }
  }

  #repeated(quantifier: AST.Quantifier): string {
    const { min, max, element } = quantifier;
    const isStretched =
      this.#stretch?.repetition === quantifier || isWithin(this.#stretch?.repetition, quantifier);
    this.repetitions.push(quantifier);
    const extra =
      this.#stretch?.repetition === quantifier
        ? this.#stretch.by
        : Math.min(max - min, this.#attempt % 4 === 0 ? 0 : this.#below(1 + (this.#attempt % 24)));
    const count = Math.min(max, Math.max(min + extra, isStretched ? 1 : 0));
    const texts: string[] = [];
    let length = 0;
    for (let i = 0; i < count && length <= 2_000_000; i++) {
      const text = this.#element(element as AST.Element);
      texts.push(text);
      length += text.length;
    }
    return texts.join('');
  }

  #characterOf(raw: string): string {
    let known = charactersIn.get(raw);
    if (!known) {
      const one = new RegExp(`^${raw}$`, 'u');
      known = CHARACTERS.filter((character) => one.test(character));
      charactersIn.set(raw, known);
    }
    return known[this.#attempt === 0 ? 0 : this.#below(Math.min(known.length, 6))] ?? '';
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

const charactersIn = new Map<string, string[]>();

const isWithin = (inner: AST.Quantifier | undefined, outer: AST.Quantifier): boolean =>
  inner !== undefined && outer.start <= inner.start && inner.end <= outer.end;
