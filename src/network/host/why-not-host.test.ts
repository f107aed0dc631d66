import assert from 'node:assert/strict';
import { it } from 'node:test';
import { whyNotHost } from './why-not-host.ts';

const status = (capabilities: string) => `Name:\tnode\nCapEff:\t${capabilities}\nSeccomp:\t0\n`;
const linux = { platform: 'linux', hasIp: true } as const;

it('root and a process with only CAP_NET_ADMIN may use the network of the host', () => {
  assert.equal(whyNotHost({ ...linux, status: status('000001ffffffffff') }), undefined);
  assert.equal(whyNotHost({ ...linux, status: status('0000000000001000') }), undefined);
});

it('others are told what is missing', () => {
  // Docker's default capabilities, and a plain user.
  for (const capabilities of ['00000000a80425fb', '0000000000000000'])
    assert.match(
      whyNotHost({ ...linux, status: status(capabilities) })!,
      /CAP_NET_ADMIN.*--cap-add NET_ADMIN/,
    );
  assert.match(whyNotHost({ platform: 'darwin', hasIp: false, status: '' })!, /needs Linux/);
  assert.match(
    whyNotHost({ platform: 'linux', hasIp: false, status: status('000001ffffffffff') })!,
    /needs ip, which this machine lacks; install iproute/,
  );
});
