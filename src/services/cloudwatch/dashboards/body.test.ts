import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce } from '../../../../test/support/steps.ts';
import { readBody } from './body.ts';

const METRIC = { region: 'us-east-1', metrics: [['AWS/EC2', 'CPUUtilization']] };
const metric = (more: object) => [{ type: 'metric', properties: { ...METRIC, ...more } }];
const rows = (...metrics: unknown[]) => metric({ metrics });
const PROPERTIES = '/widgets/0/properties';
const ROW = `${PROPERTIES}/metrics/0`;
const NO_SOURCE = 'The metric widget should have specified a region and a data source or an alarm annotation';
const NO_TEXT = 'Invalid metric field type, only "String" type is allowed';

const reported = (body: unknown) => {
  const { report } = atOnce(readBody(JSON.stringify(body)));
  const shown = (deviations: { path: string; message: string }[]) =>
    deviations.map(({ path, message }) => [path, message]);
  return { errors: shown(report.errors), warnings: shown(report.warnings) };
};

// AWS: the cases with a source are public reports of PutDashboard's errors.
const REFUSED: [what: string, widgets: unknown, errors: [path: string, message: string][]][] = [
  [
    'no source of data (aws-samples/aws-eda-slurm-cluster issue 116)',
    [{ type: 'metric', properties: { region: 'us-east-1', title: 'x' } }],
    [
      [PROPERTIES, "Should have required property 'metrics'"],
      [PROPERTIES, NO_SOURCE],
      [PROPERTIES, "Should have required property 'annotations'"],
    ],
  ],
  [
    'no region',
    [{ type: 'metric', properties: { metrics: METRIC.metrics } }],
    [
      [PROPERTIES, "Should have required property 'region'"],
      [PROPERTIES, NO_SOURCE],
    ],
  ],
  [
    'a colour by name (aws/aws-cdk issue 5026)',
    rows(['A', 'b', { color: 'red' }]),
    [[ROW, 'Should NOT have more than 2 items']],
  ],
  [
    'an unknown member of the last item',
    rows(['A', 'b', { ClusterName: 'c' }]),
    [[ROW, 'Should NOT have more than 2 items']],
  ],
  [
    'two objects',
    rows(['A', 'b', { stat: 'Sum' }, { FunctionName: 'f' }]),
    [
      [`${ROW}/2`, NO_TEXT],
      [ROW, 'Should NOT have more than 3 items'],
    ],
  ],
  [
    'too many dimensions',
    rows(Array.from({ length: 63 }, () => 'x')),
    [[ROW, 'Should NOT have more than 62 items']],
  ],
  ['an empty dimension', rows(['A', 'b', 'c', '']), [[`${ROW}/3`, NO_TEXT]]],
  ['a null dimension', rows(['A', 'b', 'c', null]), [[`${ROW}/3`, NO_TEXT]]],
  [
    'a row that is no list (pulumi/pulumi issue 13059)',
    rows('AWS/EC2'),
    [
      [ROW, 'Should be array'],
      [
        ROW,
        'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element',
      ],
    ],
  ],
  [
    'no alarms',
    [{ type: 'alarm', properties: { alarms: [] } }],
    [[`${PROPERTIES}/alarms`, 'Should NOT have less than 1 items']],
  ],
  ['no type', [{ properties: {} }], [['/widgets/0', "Should have required property 'type'"]]],
  ['no properties', [{ type: 'text' }], [['/widgets/0', "Should have required property 'properties'"]]],
  [
    'another type',
    [{ type: 'x', properties: {} }],
    [['/widgets/0/type', 'Should be equal to one of the allowed values']],
  ],
  [
    'no markdown',
    [{ type: 'text', properties: {} }],
    [[PROPERTIES, "Should have required property 'markdown'"]],
  ],
  [
    'a place outside',
    [{ type: 'text', x: 24, width: 0, properties: { markdown: '' } }],
    [
      ['/widgets/0/x', 'Should be <= 23'],
      ['/widgets/0/width', 'Should be >= 1'],
    ],
  ],
  [
    'a fraction',
    [{ type: 'text', y: 1.5, properties: { markdown: '' } }],
    [['/widgets/0/y', 'Should be integer']],
  ],
  [
    'a period',
    metric({ period: 45 }),
    [[`${PROPERTIES}/period`, 'Should be 1, 5, 10, 20, 30 or a multiple of 60']],
  ],
  ['a statistic', metric({ stat: 'Mean' }), [[`${PROPERTIES}/stat`, 'Should be a statistic']]],
  [
    'a view',
    metric({ view: 'donut' }),
    [[`${PROPERTIES}/view`, 'Should be equal to one of the allowed values']],
  ],
  ['a flag', metric({ stacked: 'yes' }), [[`${PROPERTIES}/stacked`, 'Should be boolean']]],
  [
    'half a band',
    metric({ annotations: { horizontal: [[{ value: 1 }]] } }),
    [[`${PROPERTIES}/annotations/horizontal/0`, 'Should NOT have less than 2 items']],
  ],
  ['a widget that is none', ['x'], [['/widgets/0', 'Should be object']]],
  ['widgets that are none', {}, [['/widgets', 'Should be array']]],
];

for (const [what, widgets, errors] of REFUSED) {
  test(`refused with the path: ${what}`, () => assert.deepEqual(reported({ widgets }).errors, errors));
}

test('the whole body is checked, and what is not a JSON object has one error', () => {
  assert.deepEqual(reported({}).errors, [['', "Should have required property 'widgets'"]]);
  assert.deepEqual(
    reported({ start: '1h', periodOverride: 'x', widgets: [] }).errors.map(([path]) => path),
    ['/start', '/periodOverride'],
  );
  for (const json of ['{', '[]', '1', 'null', '"x"', '['.repeat(200_000)]) {
    const { body, report } = atOnce(readBody(json));
    assert.equal(body, undefined);
    assert.deepEqual(report.errors, [
      { path: '', message: 'The field DashboardBody must be a valid JSON object' },
    ]);
  }
  assert.deepEqual(reported({ widgets: [], x: 'x'.repeat(2 ** 20) }).errors, [
    ['', 'Should NOT be longer than 1048576 characters'],
  ]);
  assert.equal(reported({ widgets: Array.from({ length: 600 }, () => 1) }).errors.length, 500);
});

test('unexpected members are warnings', () => {
  const widget = { type: 'text', properties: { markdown: '', constructor: 1 }, z: 1 };
  assert.deepEqual(reported({ widgets: [widget], theme: 'dark' }), {
    errors: [],
    warnings: [
      ['/widgets/0', 'The "z" property is not expected to be part of a widget definition, will be ignored'],
      [
        PROPERTIES,
        'The "constructor" property is not expected to be part of a widget definition, will be ignored',
      ],
      ['', 'The "theme" property is not expected, will be ignored'],
    ],
  });
});

test('every kind of widget is accepted', () => {
  const widgets = [
    ...metric({
      ...{ view: 'timeSeries', stacked: true, period: 30, stat: 'p99', title: 't', liveData: false },
      legend: { position: 'right' },
      yAxis: { left: { min: 0, max: 100, label: '%', showUnits: false } },
      annotations: {
        horizontal: [
          { value: 80, color: '#f00', fill: 'above' },
          [{ value: 1 }, { value: 2, label: 'band' }],
        ],
        vertical: [{ value: '2026-11-30T12:00:00.000Z' }],
      },
      metrics: [
        [
          'AWS/ElastiCache',
          'EngineCPUUtilization',
          'CacheClusterId',
          'a-0001-001',
          { id: 'm1', stat: 'Average' },
        ],
        ['...', 'a-0002-001', { visible: false }],
        [{ expression: 'm1 * 2', label: 'twice', id: 'e1', yAxis: 'right' }],
      ],
    }),
    { type: 'metric', properties: { annotations: { alarms: ['arn:aws:cloudwatch:us-east-1:0:alarm:a'] } } },
    {
      type: 'text',
      x: 0,
      y: 0,
      width: 24,
      height: 1,
      properties: { markdown: '# x', background: 'transparent' },
    },
    {
      type: 'log',
      properties: { query: "SOURCE 'a' | fields @message", region: 'us-east-1', view: 'table' },
    },
    {
      type: 'alarm',
      properties: { alarms: ['arn:aws:cloudwatch:us-east-1:0:alarm:a'], sortBy: 'default', states: ['OK'] },
    },
    { type: 'custom', properties: { endpoint: 'arn:aws:lambda:us-east-1:0:function:f' } },
    { type: 'explorer', properties: { metrics: [] } },
    { type: 'chart', properties: { data: {} } },
  ];
  assert.deepEqual(reported({ start: '-PT1H', periodOverride: 'inherit', widgets }), {
    errors: [],
    warnings: [],
  });
});
