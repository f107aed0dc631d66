// Shows a place in a template: file, line and column, the line itself, and a mark below it. Pure.

/** A place in a file with the file's text. */
export interface PlaceInFile {
  file: string;
  source: string;
  /** Line and column, counted from 1. */
  place: { line: number; column: number };
}

const WIDEST = 120;

/** Three lines, indented. */
export function excerpt({ file, source, place }: PlaceInFile): string {
  const { line, column } = place;
  const text = (source.split(/\r?\n/, line)[line - 1] ?? '').replaceAll('\t', ' ');
  // Of a long line, for example a one-line template, the part around the place is shown.
  const from = Math.max(0, Math.min(column - 1 - WIDEST / 2, text.length - WIDEST));
  const shown = text.slice(from, from + WIDEST);
  const gutter = ' '.repeat(String(line).length);
  return [
    `  ${file}:${line}:${column}`,
    `    ${line} | ${shown}`,
    `    ${gutter} | ${' '.repeat(column - 1 - from)}^`,
  ].join('\n');
}

/** The message with an excerpt below each sentence that ends in `(line 12, column 5)`. */
export function withExcerpts(
  message: string,
  template: { file: string; source: string } | undefined,
): string {
  if (!template) return message;
  return message
    .split('\n')
    .map((sentence) => {
      const [, line, column] = /\(line (\d{1,7}), column (\d{1,7})\)/.exec(sentence) ?? [];
      if (line === undefined) return sentence;
      return `${sentence}\n${excerpt({ ...template, place: { line: Number(line), column: Number(column) } })}`;
    })
    .join('\n');
}
