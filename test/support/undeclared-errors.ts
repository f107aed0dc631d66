// Errors that operations return although AWS's models do not declare them there, with the reasons.

/** The models of these services declare hardly any errors. */
const WITHOUT_DECLARATIONS = new Set(['ec2', 's3', 's3-control']);

/** Errors of every service: what is wrong before an operation is called, and what Millpond does not support. */
const EVERYWHERE = new Set([
  'NotImplemented',
  'MissingParameter',
  'ServiceUnavailable',
  'ThrottlingException',
]);

interface Known {
  /** When absent, every operation. */
  operations?: readonly string[];
  because: string;
}

const OF_ALARMS: Known = {
  operations: ['PutMetricAlarm', 'DescribeAlarms', 'DescribeAlarmsForMetric', 'PutDashboard'],
  because: 'what is wrong with values in the other operations; of these the model declares one error at most',
};

/** Service -> error -> where it is known from. */
const KNOWN: Record<string, Record<string, Known>> = {
  cloudformation: {
    ValidationError: { because: 'one of the common errors; all that is wrong with a request is told so' },
  },
  dynamodb: {
    ValidationException: { because: 'one of the common errors; all that is wrong with a request is told so' },
  },
  elasticache: {
    InvalidParameterValueException: {
      because: 'the model declares it for nearly every operation; the server checks the rest no other way',
    },
  },
  elasticloadbalancing: {
    ValidationError: { because: 'one of the common errors; most of what is wrong with a request is told so' },
    DuplicateTagKeysException: {
      operations: ['CreateListener', 'CreateRule', 'CreateTargetGroup'],
      because: 'declared by AddTags and CreateLoadBalancer, which check tags in the same way',
    },
    AccessDenied: {
      operations: ['RegisterTargets'],
      because: 'the server’s code for functions whose policies do not let it invoke them',
    },
  },
  iam: {
    ValidationError: { because: 'one of the common errors' },
    UnmodifiableEntityException: {
      operations: [
        'CreatePolicyVersion',
        'DeletePolicy',
        'DeletePolicyVersion',
        'SetDefaultPolicyVersion',
        'TagPolicy',
        'UntagPolicy',
      ],
      because: 'AWS’s own policies; how the server refuses to change them is not published',
    },
    NoSuchEntityException: {
      operations: ['GetAccessKeyLastUsed'],
      because: 'a key that nobody has; the model declares no error at all',
    },
  },
  lambda: {
    TooManyRequestsException: {
      operations: ['InvokeAsync'],
      because: 'declared by Invoke, which does the same; too many events wait',
    },
    ValidationException: {
      because: 'one of the common errors: names of functions and runtimes, of which the model says less',
    },
  },
  monitoring: {
    ValidationException: {
      operations: ['GetMetricData', 'PutMetricAlarm'],
      because:
        'the server’s code for what is wrong with queries and alarms; the models declare one other error each',
    },
    DashboardNotFoundError: {
      operations: ['DeleteDashboards'],
      because: 'the API’s reference names it there',
    },
    InvalidParameterValueException: OF_ALARMS,
    InvalidParameterCombinationException: OF_ALARMS,
    MissingRequiredParameterException: OF_ALARMS,
  },
  route53: {
    NoSuchHostedZone: {
      operations: ['ListHostedZones'],
      because: 'for a marker that is no zone; what the server says then is not published',
    },
  },
  sqs: {
    InvalidParameterValueException: {
      because: 'an error of the server’s front, in its words; the model declares none of those',
    },
    MissingRequiredParameterException: { because: 'the same' },
  },
  ssm: {
    AccessDeniedException: {
      operations: ['PutParameter'],
      because: 'the server’s code for names that begin with /aws or /ssm',
    },
    ValidationException: { because: 'one of the common errors' },
  },
  sts: {
    InvalidParameterValue: {
      operations: ['AssumeRole'],
      because: 'the server’s code for transitive tags that are given again, as recorded answers have it',
    },
    ValidationError: {
      operations: ['AssumeRole'],
      because: 'one of the common errors: a role that is no ARN',
    },
  },
};

/** Whether the operation may return this error although AWS's model does not declare it. */
export function isKnownUndeclared(service: string, operation: string, error: string): boolean {
  if (WITHOUT_DECLARATIONS.has(service) || EVERYWHERE.has(error)) return true;
  const known = Object.hasOwn(KNOWN, service) ? KNOWN[service]![error] : undefined;
  return known !== undefined && (known.operations?.includes(operation) ?? true);
}
