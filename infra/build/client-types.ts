import openapiTypes, { type OpenAPI3 } from 'openapi-typescript';

/** The types of every path and operation, for the client. */
export const toClientTypes = async (document: string): Promise<string> => {
  const parsed: OpenAPI3 = JSON.parse(document);
  return openapiTypes(parsed);
};
