import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { asTree, liveView, picture } from './live-view.ts';

const row = (path: string, status = 'CREATE_COMPLETE', changedAt = 1_000) => ({
  ...{ path, status, type: 'T', startedAt: 0, changedAt },
});
const VIEW = { columns: 100, rows: 24, now: 2_500, frame: 0 };
const plain = (lines: string[]) => lines.map((line) => stripVTControlCharacters(line));

test('the resources of a nested stack follow it', () => {
  const paths = ['root', 'B', 'A', 'B/X', 'A/Y', 'B/X/deep', 'B/W', 'Orphan/Z'];
  const ordered = asTree(paths.map((path) => ({ path }))).map(({ path }) => path);
  assert.deepEqual(ordered, ['root', 'B', 'B/X', 'B/X/deep', 'B/W', 'A', 'A/Y', 'Orphan/Z']);
});

test('each resource has a line with its mark, state and time', () => {
  const rows = [row('Done'), row('Going', 'CREATE_IN_PROGRESS', 0), row('Gone', 'CREATE_FAILED')];
  assert.deepEqual(plain(picture(rows, VIEW)), [
    '✓ Done   CREATE_COMPLETE          1.0 s  T',
    '⠋ Going  CREATE_IN_PROGRESS       2.5 s  T',
    '✗ Gone   CREATE_FAILED            1.0 s  T',
  ]);
});

test('of too many resources the important ones are shown, and no line is wider than the terminal', () => {
  const rows = [
    ...Array.from({ length: 30 }, (_, index) => row(`R${index}`, 'CREATE_COMPLETE', index)),
    row('Going', 'CREATE_IN_PROGRESS'),
    row('Failed', 'CREATE_FAILED'),
  ];
  const lines = plain(picture(rows, { ...VIEW, rows: 8, columns: 30 }));
  assert.deepEqual(
    lines.map((line) => line.split(/ +/)[1]),
    ['R28', 'R29', 'Going', 'Failed', '…'],
  );
  assert.equal(lines.at(-1), '  … and 28 more');
  assert.ok(lines.every((line) => line.length < 30));
  assert.equal(picture(rows, { ...VIEW, rows: 1 }).length, 1);
});

test('each view replaces the previous one, and the last one stays or is erased', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  for (const passing of [false, true]) {
    const screen: string[] = [];
    const view = liveView({ columns: 80, rows: 24, write: (text) => screen.push(text) }, () => 0, passing);
    const stack = { id: '', name: 's', status: '', parameters: [], outputs: [] };
    view.note('Creating s…');
    view.look({ stack, happened: [{ ...row('A'), reason: '', at: 0 }] });
    t.mock.timers.tick(100);
    view.end();
    t.mock.timers.tick(1_000);
    const [note, first, second, last, ...more] = screen;
    assert.equal(note, 'Creating s…\n');
    assert.match(stripVTControlCharacters(first!), /^✓ A {2}CREATE_COMPLETE/);
    assert.ok(second!.startsWith('\x1b[1A\r\x1b[0J'));
    assert.equal(stripVTControlCharacters(last!).includes('A  CREATE'), !passing);
    assert.deepEqual(more, []);
  }
});
