const ISSUER_PATH = '/_local/oauth2';
export const TOKEN_PATH = `${ISSUER_PATH}/token`;
export const AUTHORIZE_PATH = `${ISSUER_PATH}/authorize`;
export const METADATA_PATH = `${ISSUER_PATH}/.well-known/openid-configuration`;
export const KEYS_PATH = `${ISSUER_PATH}/.well-known/jwks.json`;

/** The issuer of the local run that listens at an origin. */
export const issuerUrlAt = (origin: string): string => `${origin}${ISSUER_PATH}`;
