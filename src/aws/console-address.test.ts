import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consolePlaceOf, isConsoleAddress, pageOf, placeIn } from './console-address.ts';

const DASHBOARDS = '/_millpond/dashboards';

describe('addresses of AWS’s console', () => {
  const cases: [address: string, page: string | undefined][] = [
    [
      'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards:name=shop',
      `${DASHBOARDS}/shop?region=us-east-1`,
    ],
    [
      'https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards:name=shop;start=PT3H',
      `${DASHBOARDS}/shop?region=eu-west-1`,
    ],
    [
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home#dashboards/dashboard/shop?start=PT1H&end=null',
      `${DASHBOARDS}/shop?region=eu-west-1`,
    ],
    ['https://console.aws.amazon.com/cloudwatch/home#dashboards:name=shop', `${DASHBOARDS}/shop`],
    [
      'https://cn-north-1.console.amazonaws.cn/cloudwatch/home#dashboards:name=a',
      `${DASHBOARDS}/a?region=cn-north-1`,
    ],
    [
      'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home#dashboards:name=a',
      `${DASHBOARDS}/a?region=us-gov-west-1`,
    ],
    [
      'https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards:',
      `${DASHBOARDS}?region=us-east-1`,
    ],
    ['https://console.aws.amazon.com/cloudwatch/home', DASHBOARDS],
    ['https://console.aws.amazon.com/cloudwatch/home#alarmsV2:', undefined],
    ['https://console.aws.amazon.com/lambda/home#dashboards:name=shop', undefined],
    ['https://console.aws.amazon.com.evil.example/cloudwatch/home#dashboards:name=shop', undefined],
    ['http://console.aws.amazon.com/cloudwatch/home#dashboards:name=shop', undefined],
    ['https://us-east-1.console.aws.amazon.com@evil.example/cloudwatch/home#dashboards:name=a', undefined],
    ['no address', undefined],
  ];
  for (const [address, page] of cases) {
    it(address, () => {
      const place = consolePlaceOf(address);
      assert.equal(place && pageOf(place), page);
    });
  }

  it('names stay names, whatever they contain', () => {
    assert.deepEqual(placeIn('?region=%3Cscript%3E', '#dashboards:name=%3Cimg%20src=x%3E'), {
      dashboard: '<img src=x>',
    });
    assert.equal(pageOf({ dashboard: '../x?y#z' }), `${DASHBOARDS}/..%2Fx%3Fy%23z`);
    assert.deepEqual(placeIn('', '#dashboards:name=%'), { dashboard: '%' });
    assert.equal(pageOf({ dashboard: 'a' }, '111111111111'), `${DASHBOARDS}/a?account=111111111111`);
  });

  it('other pages of the console are known as such', () => {
    assert.ok(isConsoleAddress('https://console.aws.amazon.com/lambda/home'));
    assert.ok(!isConsoleAddress('https://example.com/'));
  });
});
