// The resource type AWS::EC2::KeyPair, only with a public key in the template.

import type { Scope } from '../../../aws/scope.ts';
import { createOnce, unless } from '../../../control/resource-attempts.ts';
import { requiredText, textOf } from '../../../control/resource-properties.ts';
import type { ResourceType } from '../../../control/resource-type.ts';
import { type Ec2Client, NOT_FOUND, retag, tagSpecifications } from './tokens-and-tags.ts';

/** Its physical id is the name of the key pair. */
export const keyPairType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::KeyPair',
  async create(request) {
    const { properties, scope, isRetry } = request;
    const KeyName = requiredText(properties, 'KeyName');
    const material = textOf(properties, 'PublicKeyMaterial');
    // AWS: stores the private key of a generated pair in a parameter of Systems Manager.
    if (material === undefined) {
      throw new Error('Millpond does not generate key pairs in stacks; give PublicKeyMaterial.');
    }
    const input = {
      ...{ KeyName, PublicKeyMaterial: Buffer.from(material) },
      ...tagSpecifications(request, 'key-pair'),
    };
    await createOnce({ isRetry }, /^InvalidKeyPair\.Duplicate$/, ec2.call('ImportKeyPair', input, scope));
    return stateOf(ec2, scope, KeyName);
  },
  async update(request) {
    const state = await stateOf(ec2, request.scope, request.physicalId);
    await retag(ec2, request, state.attributes.KeyPairId);
    return state;
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('DeleteKeyPair', { KeyName: physicalId }, scope));
  },
});

async function stateOf(ec2: Ec2Client, scope: Scope, name: string) {
  const { KeyPairs } = await ec2.call('DescribeKeyPairs', { KeyNames: [name] }, scope);
  const { KeyPairId = '', KeyFingerprint = '' } = KeyPairs![0]!;
  return { physicalId: name, attributes: { KeyPairId, KeyFingerprint } };
}
