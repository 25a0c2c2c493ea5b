import { readFileSync } from 'node:fs';
import { Ajv2020 as Ajv, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Json } from './mutate.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly accepts: (value: string) => boolean;
}

/** An operation as docs/openapi.json describes it, independently of the code. */
export interface Operation {
  readonly routeKey: string;
  readonly parameters: readonly Parameter[];
  /** Bodies that it accepts; empty without a body. */
  readonly bodies: readonly Json[];
  readonly isBodyOptional: boolean;
  readonly acceptsBody: (value: Json) => boolean;
  /** Whether the document has this answer, of this form. */
  readonly documents: (status: number, body: Json) => boolean;
}

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: Parameter['in']; readonly required?: boolean }[];
  readonly requestBody?: Readonly<Record<string, unknown>>;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Described>>>>;

const ID = 'openapi';
const PROBLEM = 'application/problem+json';

const document: { readonly paths: Paths } = JSON.parse(
  readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'),
);

const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema({ $id: ID, ...document });

const escaped = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The validator of a schema of the document, by the way to it. */
const validatorAt = (...way: readonly (string | number)[]): ValidateFunction =>
  ajv.compile({ $ref: `${ID}#/${way.map((step) => escaped(String(step))).join('/')}` });

/** A parameter is text; one of another type is valid as the value that its text is. */
const acceptsText =
  (validate: ValidateFunction) =>
  (text: string): boolean =>
    validate(text) || (/^-?\d+(?:\.\d+)?$/.test(text) && validate(Number(text)));

const examplesOf = (body: Described['requestBody']): readonly Json[] => {
  const content = Reflect.get(body?.['content'] ?? {}, 'application/json') ?? {};
  const examples: Readonly<Record<string, { readonly value: Json }>> = Reflect.get(content, 'examples') ?? {};
  return Object.values(examples).map(({ value }) => value);
};

const toOperation = (path: string, method: string, described: Described): Operation => {
  const way = ['paths', path, method];
  const bodies = examplesOf(described.requestBody);
  const acceptsBody =
    bodies.length === 0 ? () => true : validatorAt(...way, 'requestBody', 'content', 'application/json', 'schema');
  const answers = new Map(
    Object.entries(described.responses).flatMap(([status, { content = {} }]) =>
      ['application/json', PROBLEM].flatMap((type) =>
        type in content ? [[status, validatorAt(...way, 'responses', status, 'content', type, 'schema')] as const] : [],
      ),
    ),
  );
  return {
    routeKey: `${method.toUpperCase()} ${path}`,
    parameters: (described.parameters ?? []).map(({ name, in: place, required = false }, index) => ({
      name,
      in: place,
      required,
      accepts: acceptsText(validatorAt(...way, 'parameters', index, 'schema')),
    })),
    bodies,
    isBodyOptional: described.requestBody?.['required'] !== true,
    acceptsBody: (value) => acceptsBody(value),
    documents: (status, body) => String(status) in described.responses && (answers.get(String(status))?.(body) ?? true),
  };
};

/** Every operation of the API; webhooks are not among them. */
export const OPERATIONS: readonly Operation[] = Object.entries(document.paths)
  .filter(([path]) => path.startsWith('/v1'))
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => toOperation(path, method, described)),
  );
