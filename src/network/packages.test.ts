import assert from 'node:assert/strict';
import { it } from 'node:test';
import { packagesOf } from './packages.ts';

it('packages have the names of the distribution, each once', () => {
  const tools = ['unshare', 'nsenter', 'ip', 'nft'] as const;
  for (const [release, expected] of [
    ['ID=debian\nVERSION_CODENAME=bookworm\n', 'util-linux iproute2 nftables'],
    ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', 'util-linux iproute2 nftables'],
    ['ID=fedora\n', 'util-linux iproute nftables'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'util-linux iproute nftables'],
    ['ID=alpine\n', 'util-linux-misc iproute2 nftables'],
    ['', 'util-linux iproute2 nftables'],
  ] as const) {
    assert.equal(packagesOf(tools, release), expected, release);
  }
});
