// How many of a kind there may be. AWS's figures; where it raises them on request, what it then grants, since the few
// that a new account begins with would only be in the way here.

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
  /** Few enough that all of them can be changed by one request. */
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
