// S3's errors about access control lists.

import { fault } from './fault.ts';

export const aclNotSupported = () =>
  fault('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');

export const bucketAclWithOwnership = () =>
  fault(
    'InvalidBucketAclWithObjectOwnership',
    400,
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  );

export const malformedAcl = () =>
  fault(
    'MalformedACLError',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const unexpectedContent = () =>
  fault('UnexpectedContent', 400, 'This request does not support content');

export const missingSecurityHeader = (header: string) =>
  fault('MissingSecurityHeader', 400, 'Your request was missing a required header', {
    MissingHeaderName: header,
  });
