// Quotas. The figures are AWS's; where AWS raises a quota on request, the raised figure, since the default would only
// get in the way here.

/** Maximum numbers, for an account in a region unless the name says otherwise. */
export const LIMITS = {
  vpcs: 100,
  subnetsPerVpc: 200,
  routeTablesPerVpc: 200,
  routesPerTable: 50,
  securityGroups: 2_500,
  /** In each direction. */
  rulesPerGroup: 60,
  groupsPerInterface: 5,
  internetGateways: 100,
  natGatewaysPerZone: 100,
  addresses: 100,
  endpointsPerVpc: 255,
  /** Small enough that one request can change all of them. */
  instances: 250,
  cidrsPerVpc: 5,
  networkAclsPerVpc: 200,
  /** In each direction. */
  entriesPerAcl: 40,
  dhcpOptions: 1_000,
  volumesPerInstance: 40,
  keyPairs: 5_000,
  launchTemplates: 5_000,
  /** AWS: 10,000. */
  versionsPerTemplate: 1_000,
};
