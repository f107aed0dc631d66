// AWS::ElasticLoadBalancingV2::ListenerCertificate.

import { unless } from '../../../control/resource-attempts.ts';
import { changesOf, objectsOf, requiredText } from '../../../control/resource-properties.ts';
import type { Properties, ResourceType } from '../../../control/resource-type.ts';
import type { ElbClient } from './properties.ts';

const certificatesIn = (properties: Properties) =>
  objectsOf(properties, 'Certificates').map((each) => ({
    CertificateArn: requiredText(each, 'CertificateArn'),
  }));
const listenerIn = (properties: Properties) => requiredText(properties, 'ListenerArn');

/** AWS: the identifier is made from the listener's ARN and the token. */
const state = (physicalId: string) => ({ physicalId, attributes: { Id: physicalId } });

export const listenerCertificateType = (elb: ElbClient): ResourceType => ({
  name: 'AWS::ElasticLoadBalancingV2::ListenerCertificate',
  async create({ properties, scope, stackName, logicalId, token }) {
    const ListenerArn = listenerIn(properties);
    const Certificates = certificatesIn(properties);
    await elb.call('AddListenerCertificates', { ListenerArn, Certificates }, scope);
    return state(`${stackName}-${logicalId}-${token}`);
  },
  async update({ physicalId, properties, before, scope }) {
    const ListenerArn = listenerIn(properties);
    const { gone, come } = changesOf(
      certificatesIn(before),
      certificatesIn(properties),
      ({ CertificateArn }) => CertificateArn,
    );
    if (come.length > 0)
      await elb.call('AddListenerCertificates', { ListenerArn, Certificates: come }, scope);
    if (gone.length > 0) {
      await elb.call('RemoveListenerCertificates', { ListenerArn, Certificates: gone }, scope);
    }
    return state(physicalId);
  },
  async delete({ properties, scope }) {
    await unless(
      /^ListenerNotFoundException$/,
      elb.call(
        'RemoveListenerCertificates',
        { ListenerArn: listenerIn(properties), Certificates: certificatesIn(properties) },
        scope,
      ),
    );
  },
});
