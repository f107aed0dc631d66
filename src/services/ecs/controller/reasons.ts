// How AWS words why a task could not start. AWS: the texts of Fargate's platform 1.4, from public reports.

import { OperationalError } from '../../../kernel/errors.ts';
import { Fault } from '../../../wire/fault.ts';

const textOf = (error: unknown): string =>
  error instanceof Fault
    ? `${error.code ?? error.shape}: ${error.message}`
    : error instanceof Error
      ? error.message
      : String(error);

/** The image cannot be had. */
export const cannotPull = (error: unknown): string => `CannotPullContainerError: ${textOf(error)}`;

/** The container could not be started. */
export const cannotStart = (error: unknown): string => `CannotStartContainerError: ${textOf(error)}`;

/** The log stream could not be made. */
export const cannotLog = (error: unknown): string =>
  `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ${textOf(error)} : exit status 1`;

/** A secret or an environment file cannot be read. */
export const cannotReadSecrets = (error: unknown): string =>
  error instanceof EnvironmentFileError
    ? `ResourceInitializationError: failed to download env files: ${textOf(error.cause)}`
    : `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: ${textOf(error)}`;

/** The task gets no network. */
export const cannotConnect = (error: unknown): string =>
  error instanceof OperationalError && error.code === 'AddressUnavailable'
    ? `Unexpected EC2 error while attempting to Create Network Interface in subnet: InsufficientFreeAddressesInSubnet: ${error.message}`
    : `Unexpected EC2 error while attempting to Create Network Interface: ${textOf(error)}`;

/** An environment file of S3 that cannot be read. */
export class EnvironmentFileError extends Error {}
