// FILL of metric math: values for the periods that have none. Pure.

import { ExpressionProblem } from './expression.ts';
import {
  type Argument,
  eachSeries,
  isSeries,
  periodsOf,
  type Surroundings,
  type TimeSeries,
  type Value,
} from './series.ts';

/** What a missing value becomes; `undefined` leaves it missing. `place` counts the periods. */
type Filler = (at: number, place: number) => number | undefined;

/** FILL(series or list, a number, a series, REPEAT or LINEAR). Throws ExpressionProblem. */
export function fill(given: readonly Argument[], around: Surroundings): Value {
  const [what, filling] = given;
  if (given.length !== 2 || !what || !filling) throw new ExpressionProblem('FILL takes two arguments');
  const word = filling.expression.kind === 'id' ? filling.expression.name.toUpperCase() : '';
  const fillerOf =
    word === 'REPEAT' ? repeating : word === 'LINEAR' ? interpolating : () => giving(filling.value());
  return eachSeries('FILL', what.value(), around, (series) => {
    const periods = [...periodsOf(around, series.period)];
    const filler = fillerOf(series, periods);
    return periods.flatMap((at, place) => {
      const value = series.values.get(at) ?? filler(at, place);
      return value === undefined ? [] : [[at, value] as const];
    });
  });
}

function giving(value: Value): Filler {
  if (typeof value === 'number') return () => value;
  if (isSeries(value)) return (at) => value.values.get(at);
  throw new ExpressionProblem('FILL takes no list of fillers');
}

/** The value before. AWS: nothing is filled before the first value. */
function repeating({ values }: TimeSeries, periods: readonly number[]): Filler {
  let last: number | undefined;
  const filled = periods.map((at) => (last = values.get(at) ?? last));
  return (_at, place) => filled[place];
}

/** On the line between the values around it. Nothing is filled before the first value and after the last. */
function interpolating({ values }: TimeSeries, periods: readonly number[]): Filler {
  const filled: (number | undefined)[] = [];
  let before: { place: number; value: number } | undefined;
  for (const [place, at] of periods.entries()) {
    const value = values.get(at);
    if (value === undefined) continue;
    if (before) {
      const slope = (value - before.value) / (place - before.place);
      for (let between = before.place + 1; between < place; between++)
        filled[between] = before.value + slope * (between - before.place);
    }
    before = { place, value };
  }
  return (_at, place) => filled[place];
}
