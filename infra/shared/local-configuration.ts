import { readFileSync } from 'node:fs';
import { findNodeAtLocation, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { LocalConfig } from '../../functions/shared/domain/config.ts';
import { parseWith } from '../../functions/shared/http/request.ts';

/** The local run cannot start. The message says why and never quotes the configuration, which contains secrets. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The configuration of a local run without `CAREWINDOW_CONFIG`: a number at each provider. */
export const BUILT_IN = {
  accounts: [
    {
      id: 'demo-meta',
      provider: 'meta',
      wabaId: '102290129340398',
      secrets: {
        appSecrets: ['local-app-secret'],
        verifyToken: 'local-verify-token',
        accessToken: 'local-access-token',
      },
    },
    {
      id: 'demo-sinch',
      provider: 'sinch',
      region: 'eu',
      projectId: 'local-project',
      appId: '01EB37HMH1M6SV18ASNS3G135H',
      secrets: { webhookSecrets: ['local-sinch-secret'], keyId: 'local-key-id', keySecret: 'local-key-secret' },
    },
    {
      id: 'demo-aws',
      provider: 'aws-social',
      wabaId: 'waba-0123456789abcdef0123456789abcdef',
      metaWabaId: '102290129340399',
      secrets: { accessKeyId: 'local-access-key-id', secretAccessKey: 'local-secret-key', region: 'eu-central-1' },
    },
  ],
  channels: [
    { id: 'support', account: 'demo-meta', phoneNumberId: '106540352242922', displayPhoneNumber: '+15550783881' },
    { id: 'support-sinch', account: 'demo-sinch' },
    {
      id: 'support-aws',
      account: 'demo-aws',
      phoneNumberId: 'phone-number-id-0123456789abcdef0123456789abcdef',
      metaPhoneNumberId: '106540352242924',
      displayPhoneNumber: '+15550783882',
    },
  ],
} as const;

const PLACE_OF_TEXT = /\r\n|\r|\n/;

/** Line and column of a character, both from 1. */
const placeAt = (text: string, offset: number): string => {
  const lines = text.slice(0, offset).split(PLACE_OF_TEXT);
  return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
};

/** A configuration, and where each of its parts is written. */
export interface Configuration {
  readonly value: unknown;
  /** `<file>:<line>:<column>` of the part at that path, or of the nearest part that holds it. */
  readonly placeOf: (path: readonly (string | number)[]) => string;
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    throw new StartError(`The configuration ${path} cannot be read`);
  }
};

/**
 * Reads a configuration file, with or without a byte order mark.
 *
 * @throws a StartError with file, line and column; it never quotes the content, which contains secrets.
 */
export const readConfiguration = (path: string): Configuration => {
  const text = readText(path);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  const [first] = errors;
  if (first !== undefined || root === undefined) {
    const reason = first === undefined ? 'no value' : printParseErrorCode(first.error);
    throw new StartError(`The configuration is not JSON: ${path}:${placeAt(text, first?.offset ?? 0)}: ${reason}`);
  }
  const placeOf = (parts: readonly (string | number)[]): string => {
    for (let length = parts.length; length > 0; length -= 1) {
      const node = findNodeAtLocation(root, parts.slice(0, length));
      if (node !== undefined) return `${path}:${placeAt(text, node.offset)}`;
    }
    return `${path}:${placeAt(text, root.offset)}`;
  };
  return { value: JSON.parse(text), placeOf };
};

/** The parts of a dotted path; digits are places in a list. */
const partsOf = (path: string): readonly (string | number)[] =>
  path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/**
 * Checks a configuration.
 *
 * @throws a StartError that names the path of each mistake, and its place where it was read from a file.
 */
export const parseConfiguration = (value: unknown, placeOf?: Configuration['placeOf']): LocalConfig => {
  const parsed = parseWith(LocalConfig, value);
  if (parsed.ok) return parsed.value;
  const mistakes = (parsed.problem.errors ?? []).map(({ path, message }) => {
    const place = placeOf === undefined ? '' : `${placeOf(partsOf(path))}: `;
    return `  ${place}${path || '(the whole file)'}: ${message}`;
  });
  throw new StartError(`The configuration is not valid:\n${mistakes.join('\n')}`);
};
