// S3's errors about any request: arguments, headers, documents and tags.

import { fault } from './fault.ts';

/** An invalid value; S3 sends the argument's name and value with it. */
export const invalidArgument = (message: string, name?: string, value?: unknown) =>
  fault('InvalidArgument', 400, message, { ArgumentName: name, ArgumentValue: value });

export const invalidContinuationToken = () =>
  invalidArgument('The continuation token provided is incorrect', 'continuation-token');

export const partNumberOutOfRange = (partNumber: unknown) =>
  invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', partNumber);

export const invalidRequest = (message: string) => fault('InvalidRequest', 400, message);

/** AWS: the only error for documents that violate the schema. */
export const malformedXml = () =>
  fault(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const invalidTag = (message: string, key: string, value?: string) =>
  fault('InvalidTag', 400, message, { TagKey: key, TagValue: value });

/** A header that Millpond or AWS does not accept. */
export const headerNotImplemented = (header: string, additionalMessage?: string) =>
  fault('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
    Header: header,
    additionalMessage,
  });

export const invalidStorageClass = (storageClass: string) =>
  fault('InvalidStorageClass', 400, 'The storage class you specified is not valid', {
    StorageClassRequested: storageClass,
  });

export const invalidRedirect = () =>
  fault(
    'InvalidRedirectLocation',
    400,
    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
  );

export const tooManyTags = (message: string) => fault('BadRequest', 400, message);

export const objectIsArchived = (storageClass: string) =>
  fault('InvalidObjectState', 403, "The operation is not valid for the object's storage class", {
    StorageClass: storageClass,
  });

export const notRestorable = (storageClass: string) =>
  fault('InvalidObjectState', 403, "Restore is not allowed for the object's current storage class", {
    StorageClass: storageClass,
  });

export const sourceIsArchived = () =>
  fault(
    'ObjectNotInActiveTierError',
    403,
    'The source object of the COPY operation is not in the active tier and is only stored in Amazon S3 Glacier.',
  );

/** Text: recorded from AWS on 2024-10-25 (https://github.com/versity/versitygw/issues/915). */
export const noAttributes = () =>
  fault(
    'InvalidRequest',
    400,
    'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
  );

/** AWS: an absent document gets another error than a malformed one. */
export const missingRequestBody = () => fault('MissingRequestBodyError', 400, 'Request Body is empty');

export const slowDown = () => fault('SlowDown', 503, 'Please reduce your request rate.');
