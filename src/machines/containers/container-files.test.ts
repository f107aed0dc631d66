// The files of a container: names, its own host name, trust.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerFiles } from './container-files.ts';

const MACHINE = { address: '10.0.1.17', hostName: 'ip-10-0-1-17.us-east-1.compute.internal' };
const NAMES = {
  dnsAddress: '127.51.0.1',
  readNames: async () => ({ 'demo.cache.amazonaws.com': '127.51.3.4' }),
};

async function filesOf(resolver: string | undefined, dnsPort: number, authority?: string) {
  const covers = await containerFiles({ ...MACHINE, resolver }, { ...NAMES, dnsPort, authority });
  return new Map(covers.flatMap(({ targets, text }) => targets.map((target) => [target, text] as const)));
}

test('with an interface, names come from the resolver of its VPC', async () => {
  const files = await filesOf('10.0.0.2', 53);
  assert.match(files.get('/etc/resolv.conf')!, /^nameserver 10\.0\.0\.2\n/);
  assert.equal(
    files.get('/etc/hosts'),
    `127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n${MACHINE.address} ${MACHINE.hostName}\n`,
  );
  assert.equal(files.get('/etc/hostname'), `${MACHINE.hostName}\n`);
});

test('in the network of this host, they come from the DNS server, else from a list', async () => {
  const files = await filesOf(undefined, 53);
  assert.match(files.get('/etc/resolv.conf')!, /^nameserver 127\.51\.0\.1\n/);
  assert.doesNotMatch(files.get('/etc/hosts')!, /demo\.cache/);
  const listed = await filesOf(undefined, 5_353);
  assert.match(listed.get('/etc/hosts')!, /^127\.51\.3\.4 demo\.cache\.amazonaws\.com\n/);
});

test('the authority is trusted at the paths of every distribution', async () => {
  const authority = '-----BEGIN CERTIFICATE-----\nMILLPOND\n-----END CERTIFICATE-----';
  const files = await filesOf('10.0.0.2', 53, authority);
  for (const path of [
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/cert.pem',
  ]) {
    assert.ok(files.get(path)!.includes(authority), path);
  }
});
