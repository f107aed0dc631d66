// Generates the names of resources that the template does not name: `stack-LogicalId-TOKEN`. Pure.

/** The parts of a generated name. */
export interface NameParts {
  stackName: string;
  logicalId: string;
  /** 12 upper-case letters and digits. */
  token: string;
}

/**
 * AWS: a name that is too long keeps the whole token, and the stack's name and the logical id are shortened.
 * `maxLength` is in characters, `maxEach` in characters of the stack's name and of the logical id.
 */
export function physicalName(
  { token, ...parts }: NameParts,
  rules: { maxLength: number; maxEach?: number; lowerCase?: boolean },
): string {
  const [stackName, logicalId] = [parts.stackName, parts.logicalId].map((part) =>
    part.slice(0, rules.maxEach),
  ) as [string, string];
  const room = rules.maxLength - token.length - 2;
  const forLogicalId = Math.min(logicalId.length, Math.max(room - stackName.length, Math.floor(room / 2)));
  const stack = stackName.slice(0, room - forLogicalId).replace(/-+$/, '');
  const name = `${stack}-${logicalId.slice(0, forLogicalId)}-${token}`;
  return rules.lowerCase ? name.toLowerCase() : name;
}
