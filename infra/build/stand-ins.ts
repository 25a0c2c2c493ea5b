/** A module that no Lambda calls, and its replacement; a bundle that imports more of it does not build. */
export interface StandIn {
  readonly module: RegExp;
  readonly contents: string;
}

/** What no Lambda uses of the SDK and of zod. */
export const STAND_INS: readonly StandIn[] = [
  // zod's conversion to JSON Schema, a fifth of zod: the generators run outside the bundles.
  {
    module: /zod\/v4\/core\/json-schema-processors\.js$/,
    contents: 'export const allProcessors = {}; export const toJSONSchema = undefined;',
  },
  {
    module: /zod\/v4\/core\/to-json-schema\.js$/,
    contents:
      'export const createStandardJSONSchemaMethod = () => undefined, createToJSONSchemaMethod = () => undefined;',
  },
  {
    module: /zod\/v4\/core\/json-schema-generator\.js$/,
    contents: 'export const JSONSchemaGenerator = undefined;',
  },
  // The discovery of endpoints, which DynamoDB's own do not need.
  {
    module: /@aws-sdk\/middleware-endpoint-discovery\/dist-es\/index\.js$/,
    contents: `export const resolveEndpointDiscoveryConfig = (config) => config;
      export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
        environmentVariableSelector: () => undefined, configFileSelector: () => undefined, default: false };`,
  },
  // SHA-256 in JavaScript, for platforms without their own.
  {
    module: /@smithy\/core\/dist-es\/submodules\/checksum\/sha256\/Sha256Js\.js$/,
    contents: 'export class Sha256Js {}',
  },
  // The signature of event streams.
  {
    module: /@smithy\/signature-v4\/dist-es\/HeaderFormatter\.js$/,
    contents: 'export class HeaderFormatter {}',
  },
  // Event streams: no operation that the service calls has one.
  {
    module: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    contents:
      'export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined, resolveEventStreamSerdeConfig = (config) => config;',
  },
  // The files below ~/.aws: a Lambda has none, and each setting of a client looked for them.
  {
    module: /@smithy\/core\/dist-es\/submodules\/config\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    contents: `export { CONFIG_PREFIX_SEPARATOR } from './constants';
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  // The region from the instance metadata of EC2: on Lambda it is in the environment.
  {
    module: /@smithy\/core\/dist-es\/submodules\/config\/config-resolver\/regionConfig\/getInstanceMetadataRegion\.js$/,
    contents: 'export const getInstanceMetadataRegion = async () => undefined;',
  },
  // The retry mode that AWS calls adaptive: each client retries in the standard mode.
  {
    module: /@smithy\/core\/dist-es\/submodules\/retry\/util-retry\/AdaptiveRetryStrategy\.js$/,
    contents: `export class AdaptiveRetryStrategy {
      constructor() { throw new Error('the bundles leave out adaptive retries: unset AWS_RETRY_MODE'); } }`,
  },
  // Letters in the user agent for the SDK features in use.
  {
    module: /@aws-sdk\/core\/dist-es\/submodules\/client\/middleware-user-agent\/check-features\.js$/,
    contents: 'export const checkFeatures = async () => undefined;',
  },
];

/** What the protocol of S3 needs beside that of the other services, whose JSON has times as seconds. */
export const REST_STAND_INS: readonly StandIn[] = [
  {
    module: /@smithy\/core\/dist-es\/submodules\/protocols\/HttpBindingNormalizedSchema\.js$/,
    contents: 'export const HttpBindingNormalizedSchema = undefined, getHttpOperationBindings = () => [];',
  },
  {
    module: /@smithy\/core\/dist-es\/submodules\/endpoints\/middleware-endpoint\/service-customizations\/index\.js$/,
    contents: 'export const resolveParamsForS3 = async (parameters) => parameters;',
  },
  {
    module: /@smithy\/core\/dist-es\/submodules\/serde\/date-utils\.js$/,
    contents: `const refuse = () => { throw new Error('the bundle reads times as seconds only'); };
      export const dateToUtcString = refuse, parseRfc3339DateTime = refuse, parseRfc3339DateTimeWithOffset = refuse, parseRfc7231DateTime = refuse;
      export const parseEpochTimestamp = (seconds) => seconds == null ? undefined : new Date(Math.round(Number(seconds) * 1000));`,
  },
];
