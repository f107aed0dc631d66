// Validation of a bucket's website configuration. The error texts are AWS's. Pure.

import { invalidArgument, invalidRequest } from '../faults/requests.ts';
import { listOf, structure, text } from './documents.ts';
import type { RoutingRule, WebsiteConfiguration } from './given-settings.ts';

const MOST_ROUTING_RULES = 50;
const INVALID_PROTOCOL =
  'Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.';

/** The form of PutBucketWebsite's document. */
export const WEBSITE_FORM = structure({
  ErrorDocument: structure({ Key: text(1, 1024) }, { required: ['Key'] }),
  RedirectAllRequestsTo: structure({ HostName: text(1, 1024) }, { required: ['HostName'] }),
  RoutingRules: listOf(structure({}, { required: ['Redirect'] }), 1, 1000),
});

/** Validates a document that has the form of WEBSITE_FORM. Throws InvalidArgument, InvalidRequest. */
export function checkWebsite(website: WebsiteConfiguration): void {
  const { RedirectAllRequestsTo, IndexDocument, ErrorDocument, RoutingRules } = website;
  if (RedirectAllRequestsTo) {
    if (IndexDocument || ErrorDocument || RoutingRules) {
      throw invalidArgument(
        'RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.',
        'RedirectAllRequestsTo',
        'not null',
      );
    }
    checkProtocol(RedirectAllRequestsTo.Protocol);
    return;
  }
  if (!IndexDocument) {
    throw invalidArgument(
      'A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty',
      'IndexDocument',
      'null',
    );
  }
  const suffix = IndexDocument.Suffix ?? '';
  if (suffix === '' || suffix.includes('/')) {
    throw invalidArgument(
      'The IndexDocument Suffix is not well formed',
      'IndexDocument',
      suffix.slice(0, 1024),
    );
  }
  checkRouting(RoutingRules ?? []);
}

function checkRouting(rules: RoutingRule[]): void {
  if (rules.length > MOST_ROUTING_RULES) {
    throw invalidRequest(
      `${rules.length} routing rules provided, the number of routing rules in a website configuration is limited to ${MOST_ROUTING_RULES}.`,
    );
  }
  for (const { Redirect, Condition } of rules) {
    if (Redirect?.ReplaceKeyPrefixWith !== undefined && Redirect.ReplaceKeyWith !== undefined) {
      throw invalidRequest('You can only define ReplaceKeyPrefix or ReplaceKey but not both.');
    }
    const isEmpty =
      Condition &&
      Condition.HttpErrorCodeReturnedEquals === undefined &&
      Condition.KeyPrefixEquals === undefined;
    if (isEmpty) {
      throw invalidRequest(
        "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
      );
    }
    checkProtocol(Redirect?.Protocol);
  }
}

const PROTOCOL = new Set<string | undefined>([undefined, 'http', 'https']);

function checkProtocol(protocol: string | undefined): void {
  if (!PROTOCOL.has(protocol)) throw invalidRequest(INVALID_PROTOCOL);
}
