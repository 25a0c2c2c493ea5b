import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';

let loaded: ReturnType<typeof loadAwsServiceSpec> | undefined;

/** AWS's specification of every type of resource, which takes a third of a second to read. */
export const serviceSpec = () => {
  loaded ??= loadAwsServiceSpec();
  return loaded;
};
export type ServiceSpec = Awaited<ReturnType<typeof serviceSpec>>;
