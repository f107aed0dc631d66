// Key pairs: create, import, delete, describe. CreateKeyPair returns the private key once; it is not stored.

import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { listTags } from '../../../aws/tags.ts';
import { Fault } from '../../../wire/fault.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { missingParameter, notFound } from '../faults.ts';
import { tagReader } from '../inventory.ts';
import { LIMITS } from '../limits.ts';
import type { KeyPairRecord } from '../model.ts';
import { limitExceeded, unsupported } from '../network-faults.ts';
import { privateKeyText } from '../private-keys.ts';
import { fingerprintOfMade, publicKeyOf, readPublicKey } from '../public-keys.ts';
import { KEY_PAIR, newId } from '../resource-kinds.ts';
import type { Input, Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import type { TagSpecification } from '../tags.ts';

const generate = promisify(generateKeyPair);
const RSA_BITS = 2048;
const LONGEST_NAME = 255;

/** Throws InvalidKey.Format or InvalidKeyPair.Duplicate. */
export const ImportKeyPair: Operation<'ImportKeyPair'> = (ec2, input, context) => {
  const keyName = checkName(input.KeyName);
  const key = readPublicKey(input.PublicKeyMaterial);
  if (!key) throw invalidKey();
  const { type, text: publicKey, fingerprint } = key;
  const { record, tags } = keep(ec2, context, input.TagSpecifications, {
    ...{ keyName, type, publicKey, fingerprint },
  });
  return { ...shown(record), Tags: tags };
};

/** Generates the keys off the main thread. Throws InvalidKeyPair.Duplicate. */
export const CreateKeyPair: Operation<'CreateKeyPair'> = async (ec2, input, context) => {
  const keyName = checkName(input.KeyName);
  if (input.KeyFormat === 'ppk') throw unsupported('private keys in the format of PuTTY');
  if (ec2.records.keyPairs.countBy(context, 'name', keyName) > 0) throw duplicate(keyName);
  const { publicKey, privateKey } =
    input.KeyType === 'ed25519'
      ? await generate('ed25519')
      : await generate('rsa', { modulusLength: RSA_BITS });
  const key = publicKeyOf(publicKey);
  const { record, tags } = keep(ec2, context, input.TagSpecifications, {
    keyName,
    type: key.type,
    publicKey: key.text,
    fingerprint: fingerprintOfMade(privateKey, key),
  });
  return { ...shown(record), KeyMaterial: privateKeyText(privateKey, key), Tags: tags };
};

/** AWS: an unknown name is not an error, an unknown id is one. */
export const DeleteKeyPair: Operation<'DeleteKeyPair'> = (ec2, { KeyName, KeyPairId }, context) => {
  if (!KeyName && !KeyPairId) throw missingParameter('KeyName');
  return ec2.store.transaction(() => {
    const found = KeyPairId
      ? ec2.records.keyPairs.existing(context, KeyPairId)
      : ec2.records.keyPairs.by(context, 'name', KeyName!)[0];
    if (found) ec2.records.keyPairs.remove(context, found.keyPairId);
    return { Return: true, ...(found && { KeyPairId: found.keyPairId }) };
  });
};

/** AWS: it has no pages. Throws InvalidKeyPair.NotFound. */
export const DescribeKeyPairs: Operation<'DescribeKeyPairs'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const selection = { Filters: input.Filters, MaxResults: undefined, NextToken: undefined };
  const { items } = await select(
    recordsOf(ec2.records.keyPairs, context),
    DESCRIBABLE,
    selectionOf(selection, idsAsked(ec2, context, input)),
    tagsOf,
  );
  return {
    KeyPairs: items.map((one) => ({
      ...shown(one),
      KeyType: one.type,
      CreateTime: new Date(one.createdAt),
      ...(input.IncludePublicKey && { PublicKey: `${one.publicKey} ${one.keyName}` }),
      Tags: listTags(tagsOf(one.keyPairId)),
    })),
  };
};

/** AWS: a request may give names and ids together. */
function idsAsked(
  ec2: Ec2,
  context: RequestContext,
  { KeyNames = [], KeyPairIds = [] }: Input<'DescribeKeyPairs'>,
): string[] {
  const named = KeyNames.map((name) => ec2.records.keyPairs.by(context, 'name', name)[0]);
  const missing = KeyNames.filter((_, index) => named[index] === undefined);
  if (missing.length > 0) throw notFound(KEY_PAIR, missing);
  return [...named.map((one) => one!.keyPairId), ...KeyPairIds];
}

function keep(
  ec2: Ec2,
  context: RequestContext,
  specifications: readonly TagSpecification[] | undefined,
  made: Pick<KeyPairRecord, 'keyName' | 'type' | 'publicKey' | 'fingerprint'>,
) {
  return ec2.store.transaction(() => {
    const { keyPairs } = ec2.records;
    if (keyPairs.countBy(context, 'name', made.keyName) > 0) throw duplicate(made.keyName);
    if (keyPairs.count(context) >= LIMITS.keyPairs) throw limitExceeded('KeyPairLimitExceeded', 'key pairs');
    const record: KeyPairRecord = { ...made, keyPairId: newId(KEY_PAIR), createdAt: ec2.clock.now() };
    keyPairs.put(context, record);
    const tags = listTags(tagAtCreation(ec2, context, KEY_PAIR, record.keyPairId, specifications));
    return { record, tags };
  });
}

const shown = ({ keyPairId, keyName, fingerprint }: KeyPairRecord) => ({
  KeyPairId: keyPairId,
  KeyName: keyName,
  KeyFingerprint: fingerprint,
});

function checkName(name: string): string {
  const isFit = name !== '' && name.length <= LONGEST_NAME && /^[\x20-\x7e]+$/.test(name);
  if (!isFit) {
    throw new Fault(
      'InvalidParameterValue',
      `Value (${name.slice(0, LONGEST_NAME)}) for parameter keyName is invalid. A key pair's name has 1 to ${LONGEST_NAME} ASCII characters.`,
    );
  }
  return name;
}

// AWS: both texts are known from public reports, such as https://github.com/aws/aws-cdk/issues/25929.
const invalidKey = (): Fault =>
  new Fault('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
const duplicate = (name: string): Fault =>
  new Fault('InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`);

const DESCRIBABLE: Describable<KeyPairRecord> = {
  kind: KEY_PAIR,
  idParameter: 'KeyPairIds',
  idOf: (one) => one.keyPairId,
  filters: {
    'key-pair-id': (one) => one.keyPairId,
    fingerprint: (one) => one.fingerprint,
    'key-name': (one) => one.keyName,
  },
};
