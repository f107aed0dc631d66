// AWS's security policies: names, protocols and ciphers. They are recorded and shown; what is served is TLS 1.2 and 1.3 as
// Millpond serves them everywhere. Pure data. Source: "Security policies for your Application Load Balancer", and the
// examples of the AWS CLI.

/** A policy as DescribeSSLPolicies shows it. */
export interface SslPolicy {
  name: string;
  protocols: string[];
  ciphers: string[];
}

/** AWS: the policy of listeners for which the API's client names none. */
export const DEFAULT_POLICY = 'ELBSecurityPolicy-2016-08';

// The letter of a cipher's class, and the cipher: `n` of TLS 1.3, `e` and `h` and `s` with ephemeral keys (GCM, SHA-2,
// SHA-1), `r` and `t` without (SHA-2, SHA-1), `d` triple DES. In AWS's order.
const CIPHERS = `
  n TLS_AES_128_GCM_SHA256
  n TLS_AES_256_GCM_SHA384
  n TLS_CHACHA20_POLY1305_SHA256
  e ECDHE-ECDSA-AES128-GCM-SHA256
  e ECDHE-RSA-AES128-GCM-SHA256
  h ECDHE-ECDSA-AES128-SHA256
  h ECDHE-RSA-AES128-SHA256
  s ECDHE-ECDSA-AES128-SHA
  s ECDHE-RSA-AES128-SHA
  e ECDHE-ECDSA-AES256-GCM-SHA384
  e ECDHE-RSA-AES256-GCM-SHA384
  h ECDHE-ECDSA-AES256-SHA384
  h ECDHE-RSA-AES256-SHA384
  s ECDHE-RSA-AES256-SHA
  s ECDHE-ECDSA-AES256-SHA
  r AES128-GCM-SHA256
  r AES128-SHA256
  t AES128-SHA
  r AES256-GCM-SHA384
  r AES256-SHA256
  t AES256-SHA
  d DES-CBC3-SHA
`;

// The policy, its oldest and its newest protocol, and the classes of its ciphers.
const POLICIES = `
  2016-08                        1.0 1.2 ehsrt
  TLS13-1-2-2021-06              1.2 1.3 neh
  TLS13-1-2-Res-2021-06          1.2 1.3 ne
  TLS13-1-2-Res-PQ-2025-09       1.2 1.3 ne
  TLS13-1-2-Ext1-2021-06         1.2 1.3 nehr
  TLS13-1-2-Ext2-2021-06         1.2 1.3 nehsrt
  TLS13-1-1-2021-06              1.1 1.3 nehsrt
  TLS13-1-0-2021-06              1.0 1.3 nehsrt
  TLS13-1-3-2021-06              1.3 1.3 n
  TLS-1-2-2017-01                1.2 1.2 ehr
  TLS-1-1-2017-01                1.1 1.2 ehsrt
  TLS-1-2-Ext-2018-06            1.2 1.2 ehsrt
  FS-2018-06                     1.0 1.2 ehs
  2015-05                        1.0 1.2 ehsrt
  TLS-1-0-2015-04                1.0 1.2 ehsrtd
  FS-1-2-Res-2019-08             1.2 1.2 eh
  FS-1-1-2019-08                 1.1 1.2 ehs
  FS-1-2-2019-08                 1.2 1.2 ehs
  FS-1-2-Res-2020-10             1.2 1.2 e
`;

const PROTOCOLS = ['1.0', '1.1', '1.2', '1.3'];
const rowsOf = (table: string): string[][] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));

/** All policies, in AWS's order. */
export const SSL_POLICIES: readonly SslPolicy[] = rowsOf(POLICIES).map(([name, oldest, newest, classes]) => ({
  name: `ELBSecurityPolicy-${name}`,
  protocols: PROTOCOLS.slice(PROTOCOLS.indexOf(oldest!), PROTOCOLS.indexOf(newest!) + 1)
    .toReversed()
    .map((version) => (version === '1.0' ? 'TLSv1' : `TLSv${version}`)),
  ciphers: rowsOf(CIPHERS)
    .filter(([letter]) => classes!.includes(letter!))
    .map(([, cipher]) => cipher!),
}));
