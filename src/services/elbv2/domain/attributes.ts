// The attributes of load balancers, target groups and listeners: their defaults, the values that AWS allows, and those that
// do something here. An attribute that does nothing here has its default, and any other value is refused by name. Pure.
// Source of keys, values and defaults: AWS's API reference.

import { invalidConfiguration, notSupported, validation } from '../faults.ts';

/** Value by key. */
export type Attributes = Record<string, string>;

interface AttributeFacts {
  default: string;
  /** AWS: the error for any other value. */
  refusal(key: string, value: string): string;
  isAllowed(value: string): boolean;
  /** Whether only the default is possible here. */
  isFixed?: true;
}

/** The attributes of one kind of thing. */
export interface AttributeTable {
  /** AWS: the noun in errors. */
  noun: string;
  facts: Readonly<Record<string, AttributeFacts>>;
  /** The attributes of other target types, with the type that does not have them. */
  others?: { type: string; keys: readonly string[] };
}

const oneOf = (...values: [string, ...string[]]): AttributeFacts => ({
  default: values[0],
  refusal: (_key, value) => `'${value}' must be one of [${values.join(', ')}]`,
  isAllowed: (value) => values.includes(value),
});
const flag = (byDefault: 'true' | 'false'): AttributeFacts =>
  oneOf(byDefault, byDefault === 'true' ? 'false' : 'true');
const isWhole = (value: string): boolean => /^\d{1,9}$/.test(value);
const between = (least: number, most: number, byDefault: number): AttributeFacts => ({
  default: String(byDefault),
  refusal: (key, value) => `'${key}' value '${value}' must be between '${least}-${most}' inclusive`,
  isAllowed: (value) => isWhole(value) && Number(value) >= least && Number(value) <= most,
});
const countOrOff = (most: number, byDefault: string, mayBeOff: boolean): AttributeFacts => ({
  default: byDefault,
  refusal: (key, value) =>
    `'${key}' value '${value}' must be ${mayBeOff ? "'off' or " : ''}between '1-${most}' inclusive`,
  isAllowed: (value) =>
    (mayBeOff && value === 'off') || (isWhole(value) && Number(value) >= 1 && Number(value) <= most),
});
const text = (longest = 1024): AttributeFacts => ({
  default: '',
  refusal: (key) => `'${key}' value is too long; the limit is '${longest}'`,
  isAllowed: (value) => value.length <= longest,
});
const fixed = (facts: AttributeFacts): AttributeFacts => ({ ...facts, isFixed: true });
const logs = (prefix: string) => ({
  [`${prefix}.s3.enabled`]: fixed(flag('false')),
  // AWS: they have no effect while the logs are not enabled.
  [`${prefix}.s3.bucket`]: text(),
  [`${prefix}.s3.prefix`]: text(),
});

/** Of application load balancers. */
export const BALANCER_ATTRIBUTES: AttributeTable = {
  noun: 'Load balancer',
  facts: {
    ...logs('access_logs'),
    'client_keep_alive.seconds': fixed(between(60, 604_800, 3_600)),
    ...logs('connection_logs'),
    'deletion_protection.enabled': flag('false'),
    ...logs('health_check_logs'),
    'idle_timeout.timeout_seconds': between(1, 4_000, 60),
    // AWS: no effect on balancers without IPv6.
    'ipv6.deny_all_igw_traffic': flag('false'),
    'load_balancing.cross_zone.enabled': fixed(flag('true')),
    'routing.http.desync_mitigation_mode': fixed(oneOf('defensive', 'monitor', 'strictest')),
    'routing.http.drop_invalid_header_fields.enabled': flag('false'),
    'routing.http.preserve_host_header.enabled': flag('false'),
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': fixed(flag('false')),
    'routing.http.xff_client_port.enabled': flag('false'),
    'routing.http.xff_header_processing.mode': oneOf('append', 'preserve', 'remove'),
    // Clients speak HTTP/1.1 in any case, which `true` allows, too.
    'routing.http2.enabled': flag('true'),
    'waf.fail_open.enabled': fixed(flag('false')),
    'zonal_shift.config.enabled': fixed(flag('false')),
  },
};

const HEALTH = 'target_group_health';
const WEEK_SECONDS = 604_800;
const DAY_SECONDS = 86_400;

const OF_ADDRESSES: AttributeTable['facts'] = {
  'deregistration_delay.timeout_seconds': between(0, 3_600, 300),
  'load_balancing.algorithm.anomaly_mitigation': fixed(oneOf('off', 'on')),
  'load_balancing.algorithm.type': oneOf('round_robin', 'least_outstanding_requests'),
  'load_balancing.cross_zone.enabled': fixed(oneOf('use_load_balancer_configuration', 'true', 'false')),
  'slow_start.duration_seconds': fixed(between(0, 900, 0)),
  'stickiness.app_cookie.cookie_name': fixed(text(4_096)),
  'stickiness.app_cookie.duration_seconds': fixed(between(1, WEEK_SECONDS, DAY_SECONDS)),
  'stickiness.enabled': flag('false'),
  'stickiness.lb_cookie.duration_seconds': between(1, WEEK_SECONDS, DAY_SECONDS),
  'stickiness.type': fixed(oneOf('lb_cookie', 'app_cookie')),
  [`${HEALTH}.dns_failover.minimum_healthy_targets.count`]: fixed(countOrOff(1_000, '1', true)),
  [`${HEALTH}.dns_failover.minimum_healthy_targets.percentage`]: fixed(countOrOff(100, 'off', true)),
  [`${HEALTH}.unhealthy_state_routing.minimum_healthy_targets.count`]: fixed(countOrOff(1_000, '1', false)),
  [`${HEALTH}.unhealthy_state_routing.minimum_healthy_targets.percentage`]: fixed(
    countOrOff(100, 'off', true),
  ),
};

const OF_FUNCTIONS: AttributeTable['facts'] = { 'lambda.multi_value_headers.enabled': flag('false') };

/** Of target groups of this type. */
export const targetGroupAttributes = (type: string): AttributeTable => ({
  noun: 'Target group',
  facts: type === 'lambda' ? OF_FUNCTIONS : OF_ADDRESSES,
  others: { type, keys: Object.keys(type === 'lambda' ? OF_ADDRESSES : OF_FUNCTIONS) },
});

const responseHeader = (name: string) => ({ [`routing.http.response.${name}.header_value`]: fixed(text()) });
const requestHeader = (name: string, header: string) => ({
  [`routing.http.request.${name}.header_name`]: fixed({ ...text(), default: header }),
});

const OF_TLS: AttributeTable['facts'] = {
  ...requestHeader('x_amzn_mtls_clientcert', 'X-Amzn-Mtls-Clientcert'),
  ...requestHeader('x_amzn_mtls_clientcert_issuer', 'X-Amzn-Mtls-Clientcert-Issuer'),
  ...requestHeader('x_amzn_mtls_clientcert_leaf', 'X-Amzn-Mtls-Clientcert-Leaf'),
  ...requestHeader('x_amzn_mtls_clientcert_serial_number', 'X-Amzn-Mtls-Clientcert-Serial-Number'),
  ...requestHeader('x_amzn_mtls_clientcert_subject', 'X-Amzn-Mtls-Clientcert-Subject'),
  ...requestHeader('x_amzn_mtls_clientcert_validity', 'X-Amzn-Mtls-Clientcert-Validity'),
  ...requestHeader('x_amzn_tls_cipher_suite', 'X-Amzn-Tls-Cipher-Suite'),
  ...requestHeader('x_amzn_tls_version', 'X-Amzn-Tls-Version'),
};

const OF_RESPONSES: AttributeTable['facts'] = {
  ...responseHeader('access_control_allow_credentials'),
  ...responseHeader('access_control_allow_headers'),
  ...responseHeader('access_control_allow_methods'),
  ...responseHeader('access_control_allow_origin'),
  ...responseHeader('access_control_expose_headers'),
  ...responseHeader('access_control_max_age'),
  ...responseHeader('content_security_policy'),
  'routing.http.response.server.enabled': fixed(flag('true')),
  ...responseHeader('strict_transport_security'),
  ...responseHeader('x_content_type_options'),
  ...responseHeader('x_frame_options'),
};

/** Of listeners of this protocol. */
export const listenerAttributes = (protocol: string): AttributeTable => ({
  noun: 'Listener',
  facts: protocol === 'HTTPS' ? { ...OF_TLS, ...OF_RESPONSES } : OF_RESPONSES,
});

/** An attribute in a request. */
export interface GivenAttribute {
  Key?: string | undefined;
  Value?: string | undefined;
}

/**
 * The attributes after a change. Throws ValidationError for unknown keys and for values that AWS does not allow,
 * InvalidConfigurationRequest for keys of another target type, and NotImplemented for values that do nothing here.
 */
export function changeAttributes(
  { noun, facts, others }: AttributeTable,
  held: Attributes,
  given: readonly GivenAttribute[],
): Attributes {
  const changed = { ...held };
  const seen = new Set<string>();
  for (const { Key: key = '', Value: value = '' } of given) {
    const fact = Object.hasOwn(facts, key) ? facts[key] : undefined;
    if (!fact) throw unknownKey(noun, key, others);
    if (seen.has(key)) throw validation(`${noun} attribute key '${key}' is specified more than once`);
    seen.add(key);
    if (!fact.isAllowed(value)) throw validation(fact.refusal(key, value));
    if (fact.isFixed && value !== fact.default) throw notSupported(`'${key}' with the value '${value}'`);
    if (value === fact.default) delete changed[key];
    else changed[key] = value;
  }
  return changed;
}

const unknownKey = (noun: string, key: string, others: AttributeTable['others']): Error =>
  others?.keys.includes(key)
    ? invalidConfiguration(
        `A target group with target type '${others.type}' does not support the attribute ${key}`,
      )
    : validation(`${noun} attribute key '${key}' is not recognized`);

/** The value of an attribute, by default its default. */
export const attributeOf = ({ facts }: AttributeTable, held: Attributes, key: string): string =>
  held[key] ?? facts[key]!.default;

/** All attributes as answers list them. */
export const listAttributes = (
  { facts }: AttributeTable,
  held: Attributes,
): { Key: string; Value: string }[] =>
  Object.entries(facts).map(([Key, fact]) => ({ Key, Value: held[Key] ?? fact.default }));
