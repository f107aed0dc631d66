// Items as lines of a table: the key first, then the other attributes by name. Pure.

/** An attribute's value on the wire; one member is present. */
export type WireValue = Record<string, unknown>;
/** An item on the wire. */
export type Item = Record<string, WireValue>;

/** The lines of the table, its heading first. `keys` are the table's, `most` the most characters of a column. */
export function itemRows(items: readonly Item[], keys: readonly string[], most: number): string[] {
  const others = new Set(items.flatMap((item) => Object.keys(item)));
  for (const key of keys) others.delete(key);
  const columns = [...keys, ...[...others].sort()];
  const cells = [columns, ...items.map((item) => columns.map((name) => cellOf(item, name)))].map((row) =>
    row.map((cell) => shortened(cell, most)),
  );
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => lengthOf(row[column]!))));
  return cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(widths[column]! - lengthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}

const cellOf = (item: Item, name: string): string =>
  Object.hasOwn(item, name) ? valueText(item[name]!) : '';

/** A value as text: strings and numbers as they are, the others as JSON without their types. */
function valueText(value: WireValue): string {
  const plain = plainValue(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

function plainValue(value: WireValue): unknown {
  const [[type, content] = ['NULL', true]] = Object.entries(value);
  switch (type) {
    case 'N':
      return String(content);
    case 'M':
      return Object.fromEntries(
        Object.entries(content as Item).map(([name, inner]) => [name, plainValue(inner)]),
      );
    case 'L':
      return (content as WireValue[]).map(plainValue);
    case 'NULL':
      return null;
    default:
      return content;
  }
}

/** Control characters could move the cursor of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

function shortened(text: string, most: number): string {
  const characters = [...text.slice(0, 2 * most + 2).replace(CONTROLS, '�')];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : characters.join('');
}

const lengthOf = (text: string): number => [...text].length;
