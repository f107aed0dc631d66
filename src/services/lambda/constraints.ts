// What Lambda answers to inputs that its model does not allow, and where its server allows something else.

import { type ConstraintRules, inSharedWords } from '../../wire/violation.ts';

const ofUsualFunctions = (max: number) => ({
  instead: { max },
  because:
    'the quotas of functions; what the model has above them is for capacity providers and durable functions',
});

const NEW_RUNTIMES = {
  instead: { enum: undefined },
  because:
    'the server says `or be a valid ARN`, and has new runtimes before the model: domain/runtimes.ts knows them',
};

export const constraints: ConstraintRules = {
  refuse: inSharedWords('ValidationException'),
  refusesMissing: true,
  exceptions: {
    Timeout: ofUsualFunctions(900),
    MemorySize: ofUsualFunctions(10_240),
    EphemeralStorageSize: ofUsualFunctions(10_240),
    'CreateFunctionRequest.Runtime': NEW_RUNTIMES,
    'UpdateFunctionConfigurationRequest.Runtime': NEW_RUNTIMES,
  },
};
