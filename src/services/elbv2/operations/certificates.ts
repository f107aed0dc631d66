// The certificates of HTTPS listeners, which are recorded and shown, and the security policies.

import type { Scope } from '../../../aws/scope.ts';
import type { LoadBalancing } from '../context.ts';
import { SSL_POLICIES } from '../domain/ssl-policies.ts';
import { defaultCertificate, sslPolicyNotFound, tooManyCertificates, validation } from '../faults.ts';
import { checkCertificate } from '../listener-settings.ts';
import { certificatePages, pageRequest, policyPages } from '../paging.ts';
import { type ListenerRecord, MOST_CERTIFICATES } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { listenerWith } from './listeners.ts';

function change(
  elb: LoadBalancing,
  scope: Scope,
  arn: string,
  to: (certificates: string[]) => string[],
): ListenerRecord {
  const { id } = listenerWith(elb, scope, arn);
  return elb.store.transaction(() =>
    elb.records.listeners.change(scope, id, (listener) => {
      if (listener.protocol !== 'HTTPS')
        throw validation('A certificate cannot be specified for HTTP listeners');
      return { ...listener, certificates: to(listener.certificates) };
    }),
  );
}

const arnsIn = (given: readonly { CertificateArn?: string | undefined }[]): string[] =>
  given.map(({ CertificateArn = '' }) => {
    checkCertificate(CertificateArn);
    return CertificateArn;
  });

/** Throws ListenerNotFound, TooManyCertificates, ValidationError. */
export const AddListenerCertificates: Operation<'AddListenerCertificates'> = (elb, input, context) => {
  const added = arnsIn(input.Certificates);
  change(elb, context, input.ListenerArn, (held) => {
    const after = [...new Set([...held, ...added])];
    // AWS: the default certificate does not count.
    if (after.length - 1 > MOST_CERTIFICATES) throw tooManyCertificates(MOST_CERTIFICATES);
    return after;
  });
  return { Certificates: added.map((CertificateArn) => ({ CertificateArn, IsDefault: false })) };
};

/** Throws ListenerNotFound, OperationNotPermitted for the default certificate. */
export const RemoveListenerCertificates: Operation<'RemoveListenerCertificates'> = (elb, input, context) => {
  const removed = new Set(arnsIn(input.Certificates));
  change(elb, context, input.ListenerArn, ([first, ...others]) => {
    if (removed.has(first!)) throw defaultCertificate(first!);
    return [first!, ...others.filter((arn) => !removed.has(arn))];
  });
  return {};
};

/** Throws ListenerNotFound. */
export const DescribeListenerCertificates: Operation<'DescribeListenerCertificates'> = (
  elb,
  input,
  context,
) => {
  const { certificates } = listenerWith(elb, context, input.ListenerArn);
  const [first] = certificates;
  const { items, token } = certificatePages.ofSorted(
    [...certificates].sort(),
    (arn) => arn,
    pageRequest(input),
  );
  return {
    Certificates: items.map((CertificateArn) => ({ CertificateArn, IsDefault: CertificateArn === first })),
    ...(token !== undefined && { NextMarker: token }),
  };
};

/** Throws SSLPolicyNotFound. */
export const DescribeSSLPolicies: Operation<'DescribeSSLPolicies'> = (_elb, input) => {
  const { Names: names = [], LoadBalancerType: type = 'application' } = input;
  for (const name of names) {
    if (!SSL_POLICIES.some((policy) => policy.name === name)) throw sslPolicyNotFound(name);
  }
  const wanted = SSL_POLICIES.filter(({ name }) => names.length === 0 || names.includes(name));
  const numbered = wanted.map((policy, place) => ({ policy, key: String(place).padStart(3, '0') }));
  const { items, token } = policyPages.ofSorted(numbered, ({ key }) => key, pageRequest(input));
  return {
    SslPolicies:
      type === 'gateway'
        ? []
        : items.map(({ policy }) => ({
            Name: policy.name,
            SslProtocols: policy.protocols,
            Ciphers: policy.ciphers.map((Name, place) => ({ Name, Priority: place + 1 })),
            SupportedLoadBalancerTypes: ['application', 'network'],
          })),
    ...(token !== undefined && { NextMarker: token }),
  };
};
