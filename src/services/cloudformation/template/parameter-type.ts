// Parses the types of parameters.

/** The type of one value: a string, a number, or the id of something that must exist. */
export type ItemType = 'String' | 'Number' | ExistingType;

/** AWS-specific types whose values must exist in the account. */
export const EXISTING_TYPES = [
  'AWS::EC2::AvailabilityZone::Name',
  'AWS::EC2::Image::Id',
  'AWS::EC2::Instance::Id',
  'AWS::EC2::KeyPair::KeyName',
  'AWS::EC2::SecurityGroup::GroupName',
  'AWS::EC2::SecurityGroup::Id',
  'AWS::EC2::Subnet::Id',
  'AWS::EC2::VPC::Id',
  'AWS::EC2::Volume::Id',
  'AWS::Route53::HostedZone::Id',
] as const;
/** One of EXISTING_TYPES. */
export type ExistingType = (typeof EXISTING_TYPES)[number];

/** A parsed type. */
export interface ParameterType {
  /** The type as declared. */
  name: string;
  item: ItemType;
  /** Whether the value is a list, separated by commas. */
  isList: boolean;
  /** `value`: the text names an SSM parameter, whose value is used. `name`: the SSM parameter must exist. */
  ssm?: 'value' | 'name';
}

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;
const LIST = /^List<(.+)>$/;

/** `undefined`: there is no such type. */
export function parseParameterType(name: string): ParameterType | undefined {
  if (name === 'AWS::SSM::Parameter::Name') return { name, item: 'String', isList: false, ssm: 'name' };
  const ssm = SSM_VALUE.exec(name)?.[1];
  const plain = parsePlain(ssm ?? name);
  if (!plain || (ssm !== undefined && plain.item === 'Number')) return undefined;
  return { name, ...plain, ...(ssm !== undefined && { ssm: 'value' as const }) };
}

function parsePlain(name: string): Pick<ParameterType, 'item' | 'isList'> | undefined {
  if (name === 'CommaDelimitedList') return { item: 'String', isList: true };
  const inList = LIST.exec(name)?.[1];
  const item = inList ?? name;
  if (item !== 'String' && item !== 'Number' && !EXISTING_TYPES.some((type) => type === item))
    return undefined;
  return { item: item as ItemType, isList: inList !== undefined };
}
