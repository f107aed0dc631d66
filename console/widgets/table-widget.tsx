// The rows of a query of logs.

import type { TableContent } from '../../src/console/contract.ts';
import { Scrollable } from '../text/scrollable.tsx';

/** Texts of this length are not broken. */
const SHORT = 26;
const COUNT = new Intl.NumberFormat('en');

export function TableWidget({ content, title }: { content: TableContent; title: string }) {
  const { columns, rows, isCut, recordsMatched, recordsScanned } = content;
  const matched = `${COUNT.format(recordsMatched)} of ${COUNT.format(recordsScanned)} events matched`;
  if (rows.length === 0)
    return (
      <p class="no-data">{recordsScanned > 0 ? `No rows; ${matched}` : 'No events in this time range'}</p>
    );
  return (
    <div class="rows">
      <Scrollable label={title}>
        <table class="data log">
          <caption class="hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                #
              </th>
              {columns.map((column) => (
                <th scope="col" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                <td class="number">{index + 1}</td>
                {row.map((cell, column) => (
                  <td key={columns[column]} class={(cell?.length ?? 0) <= SHORT ? 'short' : undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      <p class="count">
        {isCut && <>The first {COUNT.format(rows.length)} rows. </>}
        {matched}.
      </p>
    </div>
  );
}
