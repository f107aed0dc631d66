// What the models say of inputs, for every operation of every service that follows its model: a value just outside is
// refused for that reason and with the service's code, one just inside is not refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constraints as cloudformation } from '../../src/services/cloudformation/constraints.ts';
import { constraints as monitoring } from '../../src/services/cloudwatch/constraints.ts';
import { constraints as dynamodb } from '../../src/services/dynamodb/constraints.ts';
import { constraints as ec2 } from '../../src/services/ec2/constraints.ts';
import { constraints as ecr } from '../../src/services/ecr/constraints.ts';
import { constraints as ecs } from '../../src/services/ecs/constraints.ts';
import { constraints as elasticache } from '../../src/services/elasticache/constraints.ts';
import { constraints as elasticloadbalancing } from '../../src/services/elbv2/constraints.ts';
import { constraints as iam } from '../../src/services/iam/constraints.ts';
import { constraints as lambda } from '../../src/services/lambda/constraints.ts';
import { constraints as logs } from '../../src/services/logs/constraints.ts';
import { constraints as route53 } from '../../src/services/route53/constraints.ts';
import { constraints as s3 } from '../../src/services/s3/constraints.ts';
import { constraints as sns } from '../../src/services/sns/constraints.ts';
import { constraints as sqs } from '../../src/services/sqs/constraints.ts';
import { constraints as ssm } from '../../src/services/ssm/constraints.ts';
import { constraints as sts } from '../../src/services/sts/constraints.ts';
import { createClient } from '../../src/wire/client.ts';
import { InputChecks } from '../../src/wire/constraints.ts';
import { Fault } from '../../src/wire/fault.ts';
import { knownServices, loadConstraints, loadSchema } from '../../src/wire/schema.ts';
import { type ConstraintRules, memberPath } from '../../src/wire/violation.ts';
import { type Case, ConstraintCases } from '../support/constraint-cases.ts';
import { EchoService } from '../support/echo-service.ts';

const APPLIED: Record<string, { rules: ConstraintRules; codes: string[] }> = {
  cloudformation: { rules: cloudformation, codes: ['ValidationError'] },
  monitoring: { rules: monitoring, codes: ['InvalidParameterValueException', 'ValidationException'] },
  dynamodb: { rules: dynamodb, codes: ['ValidationException'] },
  ec2: { rules: ec2, codes: ['InvalidParameterValue'] },
  ecr: { rules: ecr, codes: ['InvalidParameterException'] },
  ecs: { rules: ecs, codes: ['ClientException', 'InvalidParameterException'] },
  elasticache: { rules: elasticache, codes: ['InvalidParameterValueException'] },
  elasticloadbalancing: { rules: elasticloadbalancing, codes: ['ValidationError'] },
  iam: { rules: iam, codes: ['ValidationError'] },
  lambda: { rules: lambda, codes: ['ValidationException'] },
  logs: { rules: logs, codes: ['InvalidParameterException'] },
  route53: { rules: route53, codes: ['InvalidInput'] },
  sqs: {
    rules: sqs,
    codes: ['InvalidParameterValueException', 'MissingRequiredParameterException', 'QueueDoesNotExist'],
  },
  s3: { rules: s3, codes: ['InvalidArgument', 'MalformedXML'] },
  sns: { rules: sns, codes: ['ValidationError'] },
  ssm: { rules: ssm, codes: ['ValidationException'] },
  sts: { rules: sts, codes: ['ValidationError'] },
};

/** Their operations check inputs in words of their own, and their models say little that AWS's servers tell so. */
const IN_OPERATIONS = ['s3-control'];

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

it('every service either follows its model or is known not to', () => {
  assert.deepEqual([...Object.keys(APPLIED), ...IN_OPERATIONS].sort(), [...knownServices().keys()].sort());
});

describe('just outside and just inside', () => {
  for (const [name, { rules, codes }] of Object.entries(APPLIED)) {
    it(name, async (test) => {
      const schema = loadSchema(name);
      const file = loadConstraints(name);
      const cases = new ConstraintCases(file, rules);
      const checks = new InputChecks(file, rules);
      const echo = Object.assign(new EchoService(name), { constraints: rules });
      const { call } = createClient(name, { inProcess: echo }) as {
        call(operation: string, input: object, scope: object): Promise<unknown>;
      };
      const counts = { operations: 0, constraints: 0, refused: 0, accepted: 0, withoutOutside: 0 };
      const wrong: string[] = [];
      for (const operationName of schema.operationNames) {
        const operation = schema.operation(operationName)!;
        counts.operations++;
        for (const one of cases.of(operation)) {
          counts.constraints++;
          const what = `${operationName} ${one.what}`;
          if (one.outside === undefined) counts.withoutOutside++;
          else {
            counts.refused++;
            const reasons = checks.violations(operation, one.outside);
            if (!reasons.some((reason) => isFor(one, reason.breach))) {
              wrong.push(`${what}: not refused for it`);
            }
            const error = await call(operationName, one.outside, SCOPE).then(
              () => undefined,
              (thrown) => thrown,
            );
            if (!(error instanceof Fault) || !codes.includes(error.shape)) wrong.push(`${what}: ${error}`);
          }
          if (one.inside.length === 0) wrong.push(`${what}: nothing inside`);
          for (const input of one.inside) {
            counts.accepted++;
            await call(operationName, input, SCOPE).catch((error) => {
              const paths = checks.violations(operation, input).map(memberPath);
              wrong.push(`${what}: ${paths} ${String(error).slice(0, 200)}`);
            });
          }
        }
      }
      test.diagnostic(`${name}: ${JSON.stringify(counts)}`);
      assert.deepEqual([...new Set(wrong)].slice(0, 20), [], `${wrong.length} are wrong`);
      // SQS's model says hardly anything.
      assert.ok(counts.refused > (name === 'sqs' ? 10 : 29));
    });
  }
});

const isFor = ({ bound }: Case, breach: Case['bound'] | { kind: string; limit: unknown } | undefined) =>
  breach?.kind === bound.kind && (bound.kind === 'parts' || breach.limit === bound.limit);
