// A small line below a number.

import type { Series } from '../../src/console/contract.ts';

const WIDTH = 200;
const HEIGHT = 40;

export function Sparkline({ series: { times, values }, colour }: { series: Series; colour: string }) {
  if (values.length < 2) return null;
  const [first, last] = [times[0]!, times.at(-1)!];
  const min = Math.min(...values);
  const range = Math.max(...values) - min || 1;
  const points = values.map((value, index) => {
    const x = ((times[index]! - first) / (last - first || 1)) * WIDTH;
    const y = HEIGHT - 3 - ((value - min) / range) * (HEIGHT - 6);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <polygon
        points={`0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`}
        fill={colour}
        fill-opacity="0.15"
      />
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke={colour}
        stroke-width="2"
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}
