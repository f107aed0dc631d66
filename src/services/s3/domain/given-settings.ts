// The types of bucket settings as requests give them, as far as validation reads them. The shapes are those of S3's
// API.

/** One rule of PutBucketLifecycleConfiguration. */
export interface LifecycleRule {
  ID?: string | undefined;
  Prefix?: string | undefined;
  Filter?:
    | {
        Prefix?: string | undefined;
        And?:
          | {
              Tags?: { Key?: string | undefined }[] | undefined;
              ObjectSizeGreaterThan?: number | undefined;
              ObjectSizeLessThan?: number | undefined;
            }
          | undefined;
      }
    | undefined;
  Expiration?: { Days?: number | undefined; Date?: Date | undefined } | undefined;
  Transitions?: Transition[] | undefined;
  NoncurrentVersionExpiration?: NoncurrentVersions | undefined;
  NoncurrentVersionTransitions?: NoncurrentVersions[] | undefined;
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation?: number | undefined } | undefined;
}

interface Transition {
  Days?: number | undefined;
  Date?: Date | undefined;
  StorageClass?: string | undefined;
}

interface NoncurrentVersions {
  NoncurrentDays?: number | undefined;
  NewerNoncurrentVersions?: number | undefined;
}

/** The document of PutBucketWebsite. */
export interface WebsiteConfiguration {
  IndexDocument?: { Suffix?: string | undefined } | undefined;
  ErrorDocument?: { Key?: string | undefined } | undefined;
  RedirectAllRequestsTo?: { HostName?: string | undefined; Protocol?: string | undefined } | undefined;
  RoutingRules?: RoutingRule[] | undefined;
}

/** A routing rule of a website. */
export interface RoutingRule {
  Condition?:
    | { HttpErrorCodeReturnedEquals?: string | undefined; KeyPrefixEquals?: string | undefined }
    | undefined;
  Redirect?:
    | {
        Protocol?: string | undefined;
        ReplaceKeyPrefixWith?: string | undefined;
        ReplaceKeyWith?: string | undefined;
      }
    | undefined;
}

/** The document of PutObjectLockConfiguration. */
export interface ObjectLockConfiguration {
  Rule?:
    | {
        DefaultRetention?:
          | {
              Mode?: 'GOVERNANCE' | 'COMPLIANCE' | undefined;
              Days?: number | undefined;
              Years?: number | undefined;
            }
          | undefined;
      }
    | undefined;
}

/** The document of PutBucketEncryption. */
export interface EncryptionConfiguration {
  Rules?:
    | {
        ApplyServerSideEncryptionByDefault?:
          | { SSEAlgorithm?: string | undefined; KMSMasterKeyID?: string | undefined }
          | undefined;
        BucketKeyEnabled?: boolean | undefined;
      }[]
    | undefined;
}

/** The document of PutBucketNotificationConfiguration. */
export interface NotificationConfiguration {
  TopicConfigurations?: Notification[] | undefined;
  QueueConfigurations?: Notification[] | undefined;
  LambdaFunctionConfigurations?: Notification[] | undefined;
}

/** One notification to a topic, a queue or a function. */
export interface Notification {
  Id?: string | undefined;
  TopicArn?: string | undefined;
  QueueArn?: string | undefined;
  LambdaFunctionArn?: string | undefined;
  Events?: string[] | undefined;
  Filter?: NotificationFilter | undefined;
}

/** The keys that a notification is about. */
export interface NotificationFilter {
  Key?: { FilterRules?: { Name?: string | undefined; Value?: string | undefined }[] | undefined } | undefined;
}

/** The document of PutBucketOwnershipControls. */
export interface OwnershipControls {
  Rules?: { ObjectOwnership?: string | undefined }[] | undefined;
}

/** An access control list. */
export interface AccessControlPolicy {
  Owner?: { ID?: string | undefined } | undefined;
  Grants?: Grant[] | undefined;
}

/** One grant of an access control list. */
export interface Grant {
  Grantee?:
    | {
        Type: 'CanonicalUser' | 'AmazonCustomerByEmail' | 'Group' | undefined;
        ID?: string | undefined;
        URI?: string | undefined;
        EmailAddress?: string | undefined;
      }
    | undefined;
  Permission?: 'FULL_CONTROL' | 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP' | undefined;
}
