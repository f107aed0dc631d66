// DescribeVpcEndpointServices: the services that endpoints can connect to, one entry for each type of endpoint.

import { zonesOf } from '../../../aws/regions.ts';
import { derivedHex } from '../../../kernel/ids.ts';
import { list, selectionOf } from '../describe.ts';
import { endpointServiceOf, GATEWAY_SERVICES, INTERFACE_SERVICES } from '../endpoint-services.ts';
import type { Operation } from '../sdk.ts';

interface Offer {
  service: string;
  type: 'Gateway' | 'Interface';
}

const OFFERS: Offer[] = [
  ...GATEWAY_SERVICES.map((service): Offer => ({ service, type: 'Gateway' })),
  ...INTERFACE_SERVICES.map((service): Offer => ({ service, type: 'Interface' })),
];

/** Throws InvalidServiceName for a name of another form or region. */
export const DescribeVpcEndpointServices: Operation<'DescribeVpcEndpointServices'> = async (
  _ec2,
  input,
  context,
) => {
  const { region } = context;
  const nameOf = ({ service }: Offer) => `com.amazonaws.${region}.${service}`;
  const asked = input.ServiceNames ?? [];
  for (const name of asked) endpointServiceOf(name, region);
  const offers = asked.length > 0 ? OFFERS.filter((offer) => asked.includes(nameOf(offer))) : OFFERS;
  const idOf = ({ service, type }: Offer) => `vpce-svc-0${derivedHex(16, region, service, type)}`;
  const listable = {
    list: 'endpoint services',
    idOf: (offer: Offer) => `${nameOf(offer)} ${offer.type}`,
    filters: {
      owner: () => 'amazon',
      'service-name': nameOf,
      'service-region': () => region,
      'service-type': (offer: Offer) => offer.type,
    },
  };
  const { items, nextToken } = await list(offers, listable, selectionOf(input, undefined), () => ({}));
  return {
    ServiceNames: [...new Set(items.map(nameOf))],
    ServiceDetails: items.map((offer) => ({
      ServiceName: nameOf(offer),
      ServiceId: idOf(offer),
      ServiceType: [{ ServiceType: offer.type }],
      AvailabilityZones: zonesOf(region),
      Owner: 'amazon',
      BaseEndpointDnsNames: [`${offer.service}.${region}.vpce.amazonaws.com`],
      PrivateDnsName: offer.type === 'Interface' ? `${offer.service}.${region}.amazonaws.com` : undefined,
      VpcEndpointPolicySupported: true,
      AcceptanceRequired: false,
      ManagesVpcEndpoints: false,
      Tags: [],
    })),
    NextToken: nextToken,
  };
};
