// The resource type AWS::EC2::KeyPair: imports a public key, or generates a pair whose private key becomes a parameter
// of Systems Manager.

import type { Scope } from '../../../aws/scope.ts';
import { createOnce, finishing, unless } from '../../../control/resource-attempts.ts';
import { requiredText, textOf } from '../../../control/resource-properties.ts';
import type { ResourceRequest, ResourceType } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import { type Ec2Client, NOT_FOUND, retag, tagSpecifications } from './tokens-and-tags.ts';

/** A client of Systems Manager. */
export type SsmClient = Client<typeof import('@aws-sdk/client-ssm')>;

const DUPLICATE = /^InvalidKeyPair\.Duplicate$/;
const NO_PARAMETER = /^ParameterNotFound$/;

/** AWS: the private key of a generated pair is a SecureString with this name. */
const parameterOf = (keyPairId: string): string => `/ec2/keypair/${keyPairId}`;

/** Its physical id is the name of the key pair. */
export const keyPairType = (ec2: Ec2Client, ssm: SsmClient): ResourceType => ({
  name: 'AWS::EC2::KeyPair',
  async create(request) {
    const { properties, scope, isRetry } = request;
    const KeyName = requiredText(properties, 'KeyName');
    const material = textOf(properties, 'PublicKeyMaterial');
    if (material === undefined) await generate(ec2, ssm, request, KeyName);
    else {
      const PublicKeyMaterial = Buffer.from(material);
      const input = { ...{ KeyName, PublicKeyMaterial }, ...tagSpecifications(request, 'key-pair') };
      await createOnce({ isRetry }, DUPLICATE, ec2.call('ImportKeyPair', input, scope));
    }
    return stateOf(ec2, scope, KeyName);
  },
  async update(request) {
    const state = await stateOf(ec2, request.scope, request.physicalId);
    await retag(ec2, request, state.attributes.KeyPairId);
    return state;
  },
  async delete({ physicalId, scope }) {
    const deleted = ec2.call('DeleteKeyPair', { KeyName: physicalId }, scope);
    const id = (await unless(NOT_FOUND, deleted))?.KeyPairId;
    if (id) await unless(NO_PARAMETER, ssm.call('DeleteParameter', { Name: parameterOf(id) }, scope));
  },
});

/** A pair of an earlier attempt without its parameter is generated again, since its private key is lost. */
async function generate(ec2: Ec2Client, ssm: SsmClient, request: ResourceRequest, KeyName: string) {
  const { properties, scope, isRetry } = request;
  const input = {
    KeyName,
    KeyType: textOf(properties, 'KeyType') as 'rsa' | undefined,
    KeyFormat: textOf(properties, 'KeyFormat') as 'pem' | undefined,
    ...tagSpecifications(request, 'key-pair'),
  };
  let pair = await createOnce({ isRetry }, DUPLICATE, ec2.call('CreateKeyPair', input, scope));
  if (!pair) {
    const { KeyPairs } = await ec2.call('DescribeKeyPairs', { KeyNames: [KeyName] }, scope);
    const { KeyPairId = '', Tags = [] } = KeyPairs![0]!;
    const isThere = ssm.call('GetParameter', { Name: parameterOf(KeyPairId) }, scope);
    if (await unless(NO_PARAMETER, isThere)) return;
    const isOurs = Object.entries(request.tags).every(([key, value]) =>
      Tags.some((tag) => tag.Key === key && tag.Value === value),
    );
    if (isOurs) await ec2.call('DeleteKeyPair', { KeyName }, scope);
    pair = await ec2.call('CreateKeyPair', input, scope);
  }
  const Name = parameterOf(pair.KeyPairId!);
  const parameter = { Name, Type: 'SecureString' as const, Value: pair.KeyMaterial! };
  await finishing(KeyName, () => ssm.call('PutParameter', parameter, scope));
}

async function stateOf(ec2: Ec2Client, scope: Scope, name: string) {
  const { KeyPairs } = await ec2.call('DescribeKeyPairs', { KeyNames: [name] }, scope);
  const { KeyPairId = '', KeyFingerprint = '' } = KeyPairs![0]!;
  return { physicalId: name, attributes: { KeyPairId, KeyFingerprint } };
}
