// What the clients saw, as SVG: a band for each name in the colours of the nodes that served it, and below them the
// new connections of each node.

const WIDTH = 1_000;
const LEFT = 76;
const RIGHT = 16;
const BAND = { top: 62, height: 20, pitch: 26 };
const PLOT_HEIGHT = 190;
// Told apart by those who see fewer colours, too (Okabe and Ito).
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#a6761d', '#7f7f7f'];
const FAILED = '#222';

/** A whole SVG document. */
export function drawPicture(timeline, { groupId, seconds }) {
  const rates = timeline.newConnections();
  const nodes = [...rates.keys()];
  const colourOf = (id) => COLOURS[Math.max(0, nodes.indexOf(id)) % COLOURS.length];
  const x = (second) => LEFT + ((WIDTH - LEFT - RIGHT) * second) / Math.max(1, seconds);
  const plotTop = BAND.top + timeline.names.length * BAND.pitch + 52;
  const height = plotTop + PLOT_HEIGHT + 34;
  const title = `Which node served each name of ${groupId}`;
  const parts = [
    text(LEFT, 22, title, 'font-weight="bold" font-size="15"'),
    ...legend(timeline, nodes, colourOf),
    ...timeline.names.flatMap((name, index) =>
      band(timeline, name, BAND.top + index * BAND.pitch, { x, seconds, colourOf }),
    ),
    ...plot(rates, { x, seconds, colourOf, top: plotTop }),
    ...timeline.marks.flatMap(({ at, label }) => [
      `<path d="M${round(x(at))} ${BAND.top - 8}V${plotTop + PLOT_HEIGHT}" stroke="#000" stroke-dasharray="4 3"/>`,
      text(x(at) + 4, plotTop - 26, label, 'font-size="11"'),
    ]),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function legend(timeline, nodes, colourOf) {
  const entries = [...nodes.map((id) => [timeline.short(id), colourOf(id)]), ['a connection failed', FAILED]];
  return entries.flatMap(([label, colour], index) => [
    `<rect x="${LEFT + index * 64}" y="34" width="12" height="12" fill="${colour}"/>`,
    text(LEFT + index * 64 + 17, 44, label),
  ]);
}

/** Seconds that were served alike are one rectangle. */
function band(timeline, name, top, { x, seconds, colourOf }) {
  const drawn = [text(LEFT - 8, top + 14, timeline.label(name), 'text-anchor="end"')];
  for (let from = 0, to = 0; from < seconds; from = to) {
    const { members, failed } = timeline.at(name, from);
    const key = members.join();
    for (to = from + 1; to < seconds && timeline.at(name, to).members.join() === key; ) to++;
    const width = (x(to) - x(from)) / Math.max(1, members.length);
    members.forEach((id, index) => {
      drawn.push(box(x(from) + index * width, top, width, BAND.height, colourOf(id)));
    });
    if (members.length === 0 && failed) drawn.push(box(x(from), top, x(to) - x(from), BAND.height, FAILED));
  }
  for (let second = 0; second < seconds; second++) {
    if (timeline.at(name, second).failed)
      drawn.push(box(x(second), top + BAND.height, x(second + 1) - x(second), 3, FAILED));
  }
  return drawn;
}

function plot(rates, { x, seconds, colourOf, top }) {
  const most = Math.max(1, ...[...rates.values()].flat().filter((rate) => rate !== undefined));
  const step = niceStep(most / 4);
  const limit = Math.ceil(most / step) * step;
  const y = (rate) => top + PLOT_HEIGHT - (PLOT_HEIGHT * rate) / limit;
  const lines = [text(LEFT, top - 8, 'New connections of each node, a second')];
  for (let rate = 0; rate <= limit; rate += step) {
    lines.push(`<path d="M${LEFT} ${round(y(rate))}H${WIDTH - RIGHT}" stroke="#ddd"/>`);
    lines.push(text(LEFT - 8, y(rate) + 4, `${rate}`, 'text-anchor="end"'));
  }
  const secondStep = niceStep(seconds / 8);
  for (let second = 0; second <= seconds; second += secondStep) {
    const anchor = second + secondStep > seconds ? 'end' : 'middle';
    lines.push(text(x(second), top + PLOT_HEIGHT + 18, `${second} s`, `text-anchor="${anchor}"`));
  }
  for (const [member, values] of rates) {
    let pen = 'M';
    let path = '';
    values.forEach((rate, second) => {
      if (rate === undefined) pen = 'M';
      else {
        path += `${pen}${round(x(second + 0.5))} ${round(y(rate))}`;
        pen = 'L';
      }
    });
    if (path) lines.push(`<path d="${path}" fill="none" stroke="${colourOf(member)}" stroke-width="1.8"/>`);
  }
  return lines;
}

/** 1, 2 or 5 times a power of ten, and at least `least`. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least);
}

const round = (value) => Math.round(value * 10) / 10;

const box = (left, top, width, height, colour) =>
  `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" fill="${colour}"/>`;

const text = (left, baseline, content, attributes = '') =>
  `<text x="${round(left)}" y="${round(baseline)}" ${attributes}>${escaped(content)}</text>`;

const escaped = (content) =>
  content.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);
