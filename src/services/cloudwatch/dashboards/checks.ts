// Checks JSON against a structure, and reports every deviation with its path, in AWS's words. Pure.
//
// AWS: the words and paths are those of PutDashboard's errors in public reports, such as
// https://github.com/aws-samples/aws-eda-slurm-cluster/issues/116.

/** A deviation. `path` is a JSON pointer: `/widgets/0/properties`. */
export interface Deviation {
  path: string;
  message: string;
}

/** The deviations of a body. With warnings only, it is accepted. */
export class Report {
  readonly errors: Deviation[] = [];
  readonly warnings: Deviation[] = [];

  /** Bounds the answer; a body may have thousands. */
  static readonly MOST = 500;

  error(path: string, message: string): void {
    if (this.errors.length < Report.MOST) this.errors.push({ path, message });
  }

  warn(path: string, message: string): void {
    if (this.warnings.length < Report.MOST) this.warnings.push({ path, message });
  }
}

/** Checks one value. */
export type Check = (value: unknown, path: string, report: Report) => void;

/** A JSON object. */
export type Members = Record<string, unknown>;

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const anything: Check = () => {};

export const text: Check = (value, path, report) => {
  if (typeof value !== 'string') report.error(path, 'Should be string');
};

export const flag: Check = (value, path, report) => {
  if (typeof value !== 'boolean') report.error(path, 'Should be boolean');
};

export const number: Check = (value, path, report) => {
  if (typeof value !== 'number') report.error(path, 'Should be number');
};

/** Both bounds are inclusive. */
export const integer =
  (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  (value, path, report) => {
    if (!Number.isInteger(value)) report.error(path, 'Should be integer');
    else if (Number(value) < least) report.error(path, `Should be >= ${least}`);
    else if (Number(value) > most) report.error(path, `Should be <= ${most}`);
  };

export const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, path, report) => {
    if (!allowed.includes(value as string))
      report.error(path, 'Should be equal to one of the allowed values');
  };

/** A text that `isValid` accepts; `expected` names what it should be. The words are Millpond's own. */
export const textThat =
  (isValid: (value: string) => boolean, expected: string): Check =>
  (value, path, report) => {
    if (typeof value !== 'string') report.error(path, 'Should be string');
    else if (!isValid(value)) report.error(path, `Should be ${expected}`);
  };

export const list =
  (item: Check, least = 0, most = Number.MAX_SAFE_INTEGER): Check =>
  (value, path, report) => {
    if (!Array.isArray(value)) return report.error(path, 'Should be array');
    if (value.length < least) report.error(path, `Should NOT have less than ${least} items`);
    if (value.length > most) report.error(path, `Should NOT have more than ${most} items`);
    for (const [place, one] of value.slice(0, most).entries()) item(one, `${path}/${place}`, report);
  };

/** `unexpected` words the warning for a member that is not listed; without it, such members are not reported. */
export const object =
  (
    members: Record<string, Check>,
    {
      required = [],
      unexpected,
    }: { required?: readonly string[]; unexpected?: (name: string) => string } = {},
  ): Check =>
  (value, path, report) => {
    if (!isObject(value)) return report.error(path, 'Should be object');
    for (const name of required)
      if (value[name] === undefined) report.error(path, `Should have required property '${name}'`);
    for (const [name, member] of Object.entries(value)) {
      const check = Object.hasOwn(members, name) ? members[name] : undefined;
      if (check) check(member, `${path}/${name}`, report);
      else if (unexpected) report.warn(path, unexpected(name.slice(0, 100)));
    }
  };
