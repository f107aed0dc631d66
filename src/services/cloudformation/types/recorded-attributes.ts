// The values of Fn::GetAtt for a resource that is only recorded. They are invented, in the shape that templates expect:
// an ARN, a host name, a port.

import { renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Value } from '../../../control/resource-type.ts';
import { derivedHex } from '../../../kernel/ids.ts';
import type { MadeResource } from '../stack/model.ts';

/** `name` is the attribute's name: `Arn`, `Endpoint.Address`. A property of the same name supplies the value. */
export function recordedAttribute(
  scope: Scope,
  type: string,
  made: Pick<MadeResource, 'physicalId' | 'properties'>,
  name: string,
): Value {
  const given = name.split('.').reduce<Value | undefined>(memberOf, made.properties);
  if (given !== undefined && given !== null) return given;
  const { physicalId = '' } = made;
  const [, service = '', noun = ''] = type.toLowerCase().split('::');
  const last = name.slice(name.lastIndexOf('.') + 1);
  const host = `${hostLabel(physicalId)}.${service}.${scope.region}.amazonaws.com`;
  switch (true) {
    case /Arn$/i.test(last):
      return physicalId.startsWith('arn:') ? physicalId : renderArn(service, scope, `${noun}/${physicalId}`);
    case /(Url|Uri)$/i.test(last):
      return `https://${host}`;
    case /(DNSName|DomainName|HostName|Address|Endpoint)$/i.test(last):
      return host;
    case /Port$/i.test(last):
      return '443';
    case /HostedZoneID$/i.test(last):
      return `Z${derivedHex(13, type).toUpperCase()}`;
    case /Name$/.test(last):
      return physicalId;
    case /Id$/.test(last):
      return `${noun}-${derivedHex(17, type, physicalId, name)}`;
    default:
      return physicalId;
  }
}

const memberOf = (value: Value | undefined, name: string): Value | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? value[name]
    : undefined;

/** The name as one DNS label. */
const hostLabel = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '') || 'resource';
