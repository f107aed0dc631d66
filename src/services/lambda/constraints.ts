// Lambda's answers to inputs that violate its model, and the constraints in which its server differs from the model.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

const ofOrdinaryFunctions = (max: number) => ({
  instead: { max },
  because:
    'the quotas of functions; higher values in the model are for capacity providers and durable functions',
});

const NEW_RUNTIMES = {
  instead: { enum: undefined },
  because:
    'the server says `or be a valid ARN`, and knows new runtimes before the model does; domain/runtimes.ts has them',
};

/** The rules for the model's constraints; violations are answered as ValidationException. */
export const constraints: ConstraintRules = {
  refuse: validationRefusal('ValidationException'),
  refusesMissing: true,
  exceptions: {
    Timeout: ofOrdinaryFunctions(900),
    MemorySize: ofOrdinaryFunctions(10_240),
    EphemeralStorageSize: ofOrdinaryFunctions(10_240),
    'CreateFunctionRequest.Runtime': NEW_RUNTIMES,
    'UpdateFunctionConfigurationRequest.Runtime': NEW_RUNTIMES,
  },
};
