// Key pairs as Terraform's aws_key_pair, the AWS CLI and stacks use them: imported or made, read by name, deleted.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { promisify } from 'node:util';
import type { EC2 } from '@aws-sdk/client-ec2';
import { refuses, type ServedEc2, serveEc2 } from '../support/ec2.ts';

const execute = promisify(execFile);

let served: ServedEc2;
let client: EC2;

before(async () => {
  served = await serveEc2();
  client = served.client;
});
after(() => served?.stop());

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');

const field = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
/** As RFC 4253 and RFC 8709 write them. */
function blobOf(key: KeyObject): Buffer {
  const { kty, n = '', e = '', x = '' } = key.export({ format: 'jwk' });
  const part = (text: string) => Buffer.from(text, 'base64url');
  return kty === 'OKP'
    ? Buffer.concat([field(Buffer.from('ssh-ed25519')), field(part(x))])
    : Buffer.concat([
        field(Buffer.from('ssh-rsa')),
        field(part(e)),
        field(Buffer.concat([Buffer.alloc(1), part(n)])),
      ]);
}
const openSsh = (key: KeyObject): string =>
  `${key.asymmetricKeyType === 'rsa' ? 'ssh-rsa' : 'ssh-ed25519'} ${blobOf(key).toString('base64')}`;
const inPairs = (algorithm: string, bytes: Buffer): string =>
  createHash(algorithm).update(bytes).digest('hex').match(/../g)!.join(':');

// The calls of the provider's internal/service/ec2/ec2_key_pair.go.
it('an imported key is read by its name until it is deleted', async () => {
  const made = await client.importKeyPair({
    KeyName: 'deployer',
    PublicKeyMaterial: Buffer.from(`${openSsh(rsa.publicKey)} me@laptop\n`),
    TagSpecifications: [{ ResourceType: 'key-pair', Tags: [{ Key: 'Name', Value: 'k' }] }],
  });
  // AWS: the digest of the public key as DER (its user guide, "Determine the fingerprint").
  const fingerprint = inPairs('md5', rsa.publicKey.export({ format: 'der', type: 'spki' }));
  assert.equal(made.KeyFingerprint, fingerprint);
  assert.match(made.KeyPairId!, /^key-0[0-9a-f]{16}$/);

  const [found] = (await client.describeKeyPairs({ KeyNames: ['deployer'], IncludePublicKey: true }))
    .KeyPairs!;
  assert.equal(found?.KeyPairId, made.KeyPairId);
  assert.equal(found?.KeyType, 'rsa');
  assert.equal(found?.KeyFingerprint, fingerprint);
  assert.equal(found?.PublicKey, `${openSsh(rsa.publicKey)} deployer`);
  assert.deepEqual(found?.Tags, [{ Key: 'Name', Value: 'k' }]);
  assert.ok(found?.CreateTime);

  await client.createTags({ Resources: [made.KeyPairId!], Tags: [{ Key: 'env', Value: 'dev' }] });
  const byTag = await client.describeKeyPairs({ Filters: [{ Name: 'tag:env', Values: ['dev'] }] });
  assert.deepEqual(
    byTag.KeyPairs?.map(({ KeyName, PublicKey }) => [KeyName, PublicKey]),
    [['deployer', undefined]],
  );

  await refuses(
    client.importKeyPair({ KeyName: 'deployer', PublicKeyMaterial: Buffer.from(openSsh(rsa.publicKey)) }),
    'InvalidKeyPair.Duplicate',
    "The keypair 'deployer' already exists.",
  );
  assert.equal((await client.deleteKeyPair({ KeyName: 'deployer' })).KeyPairId, made.KeyPairId);
  await refuses(
    client.describeKeyPairs({ KeyNames: ['deployer'] }),
    'InvalidKeyPair.NotFound',
    "The key pair 'deployer' does not exist",
  );
  assert.equal((await client.deleteKeyPair({ KeyName: 'deployer' })).Return, true);
});

it('ED25519, and the block of RFC 4716', async () => {
  const made = await client.importKeyPair({
    KeyName: 'ed',
    PublicKeyMaterial: Buffer.from(openSsh(ed25519.publicKey)),
  });
  const digest = createHash('sha256').update(blobOf(ed25519.publicKey)).digest('base64');
  assert.equal(made.KeyFingerprint, digest);
  const lines = blobOf(rsa.publicKey)
    .toString('base64')
    .match(/.{1,70}/g)!
    .join('\n');
  const block = `---- BEGIN SSH2 PUBLIC KEY ----\nComment: "2048-bit \\\nRSA"\n${lines}\n---- END SSH2 PUBLIC KEY ----\n`;
  const other = await client.importKeyPair({ KeyName: 'block', PublicKeyMaterial: Buffer.from(block) });
  assert.equal(other.KeyFingerprint, inPairs('md5', rsa.publicKey.export({ format: 'der', type: 'spki' })));
});

it('what is no key is refused', async () => {
  const truncated = blobOf(rsa.publicKey).subarray(0, 100).toString('base64');
  const short = generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey;
  for (const material of [
    '',
    'hello',
    'ssh-rsa',
    'ssh-rsa ????',
    `ssh-rsa ${truncated}`,
    `ssh-ed25519 ${blobOf(rsa.publicKey).toString('base64').slice(0, -8)}`,
    openSsh(short),
    String(rsa.publicKey.export({ format: 'pem', type: 'spki' })),
  ]) {
    const work = client.importKeyPair({ KeyName: 'bad', PublicKeyMaterial: Buffer.from(material) });
    await assert.rejects(
      work,
      { name: material === '' ? /Missing|InvalidKey/ : 'InvalidKey.Format' },
      material,
    );
  }
});

/** Node does not read OpenSSH's format of private keys; ssh-keygen does. */
async function openSshPublicOf(material: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'key-pairs-'));
  try {
    await writeFile(join(directory, 'key.pem'), material, { mode: 0o600 });
    return (await execute('ssh-keygen', ['-y', '-f', join(directory, 'key.pem')])).stdout.trim();
  } finally {
    await rm(directory, { recursive: true });
  }
}

it('a key that is made here comes with its private half, once, as ssh reads it', async () => {
  for (const KeyType of ['rsa', 'ed25519'] as const) {
    const KeyName = `made-${KeyType}`;
    const made = await client.createKeyPair({ KeyName, KeyType });
    const ofPrivate = await openSshPublicOf(made.KeyMaterial!);
    const expected =
      KeyType === 'rsa'
        ? inPairs('sha1', createPrivateKey(made.KeyMaterial!).export({ format: 'der', type: 'pkcs8' }))
        : createHash('sha256')
            .update(Buffer.from(ofPrivate.split(' ')[1]!, 'base64'))
            .digest('base64');
    assert.equal(made.KeyFingerprint, expected);
    const first = made.KeyMaterial!.split('\n', 1)[0];
    assert.equal(first, `-----BEGIN ${KeyType === 'rsa' ? 'RSA' : 'OPENSSH'} PRIVATE KEY-----`);
    const { KeyPairs } = await client.describeKeyPairs({
      KeyPairIds: [made.KeyPairId!],
      IncludePublicKey: true,
    });
    assert.equal(KeyPairs?.[0]?.PublicKey, `${ofPrivate} ${KeyName}`);
  }
});

it('instances are launched only with a key pair that is there', async () => {
  const asked = { ImageId: 'ami-0123456789abcdef0', KeyName: 'nobody', MinCount: 1, MaxCount: 1 };
  await assert.rejects(client.runInstances(asked), {
    name: 'InvalidKeyPair.NotFound',
    message: "The key pair 'nobody' does not exist",
  });
});
