// Dynamic references in evaluated values.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  dynamicReferencesIn,
  misplacedSecureReferences,
  replaceDynamicReferences,
} from './dynamic-references.ts';

const value = {
  a: 'x-{{resolve:ssm:/app/name:2}}-{{resolve:ssm:/app/name:2}}',
  b: ['{{resolve:secretsmanager:db:SecretString:password}}', '{{resolve:nope:x}}', 1],
};

it('finds each reference once', () => {
  assert.deepEqual(
    dynamicReferencesIn(value).map(({ service, key }) => [service, key]),
    [
      ['ssm', '/app/name:2'],
      ['secretsmanager', 'db:SecretString:password'],
    ],
  );
});

it('replaces known references literally, and keeps the others', () => {
  assert.deepEqual(replaceDynamicReferences(value, new Map([['{{resolve:ssm:/app/name:2}}', '$&']])), {
    a: 'x-$&-$&',
    b: value.b,
  });
});

it('allows secure strings only in the properties that AWS allows', () => {
  const secure = '{{resolve:ssm-secure:/token}}';
  assert.deepEqual(
    misplacedSecureReferences('AWS::ElastiCache::ReplicationGroup', { AuthToken: secure }),
    [],
  );
  assert.deepEqual(misplacedSecureReferences('AWS::ElastiCache::User', { Passwords: [secure] }), []);
  assert.deepEqual(
    misplacedSecureReferences('AWS::Lambda::Function', { Environment: { Variables: { A: secure } } }),
    ['AWS::Lambda::Function/Environment/Variables/A'],
  );
});
