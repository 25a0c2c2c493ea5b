import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Stage } from '../config.ts';

/** Where browsers open the console, the address to show first; empty where the stage has none. */
export const consoleOrigins = ({ console }: Stage, { apiEndpoint }: HttpApi): readonly string[] => {
  if (console === undefined) return [];
  return console.origin === undefined ? [apiEndpoint] : [console.origin, apiEndpoint];
};
