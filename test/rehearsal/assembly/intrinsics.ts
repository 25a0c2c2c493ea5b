import * as z from 'zod';

/** What a template can refer to. */
export interface Names {
  /** The value of `Ref` to a resource. */
  readonly ref: (logicalId: string) => string;
  /** The value of an attribute of a resource. */
  readonly attribute: (logicalId: string, name: string) => string;
}

/** The stage runs in this AWS account and region. */
export const PLACE = { account: '111122223333', region: 'eu-central-1', partition: 'aws' } as const;

const pseudoParameters = (stackName: string): Readonly<Record<string, string>> => ({
  'AWS::AccountId': PLACE.account,
  'AWS::Partition': PLACE.partition,
  'AWS::Region': PLACE.region,
  'AWS::StackId': `arn:aws:cloudformation:${PLACE.region}:${PLACE.account}:stack/${stackName}/6a7e8feb-b491-4cf7-a9f1-bf3703467718`,
  'AWS::StackName': stackName,
  'AWS::URLSuffix': 'amazonaws.com',
});

const Texts = z.array(z.string());
const Join = z.tuple([z.string(), Texts]);
const Select = z.tuple([z.coerce.number().int().nonnegative(), Texts]);
const Split = z.tuple([z.string(), z.string()]);
const Attribute = z.tuple([z.string(), z.string()]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Replaces the intrinsic functions in a value of a template, as CloudFormation does; throws on one that it does not know. */
export const createResolver = (stackName: string, names: Names): ((value: unknown) => unknown) => {
  const parameters = pseudoParameters(stackName);
  const refer = (name: string): string => parameters[name] ?? names.ref(name);
  const select = (value: unknown): string => {
    const [index, texts] = Select.parse(value);
    const text = texts[index];
    if (text === undefined) throw new Error(`Fn::Select: there is no text ${index} in ${JSON.stringify(texts)}`);
    return text;
  };
  const functions: Readonly<Record<string, (value: unknown) => unknown>> = {
    Ref: (value) => refer(z.string().parse(value)),
    'Fn::GetAtt': (value) => names.attribute(...Attribute.parse(value)),
    'Fn::Join': (value) => {
      const [separator, texts] = Join.parse(value);
      return texts.join(separator);
    },
    'Fn::Select': select,
    'Fn::Split': (value) => {
      const [separator, text] = Split.parse(value);
      return text.split(separator);
    },
    'Fn::Sub': (value) =>
      z
        .string()
        .parse(value)
        .replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => refer(name)),
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (!isObject(value)) return value;
    const [name = '', ...others] = Object.keys(value);
    if (others.length > 0 || (name !== 'Ref' && !name.startsWith('Fn::')))
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part)]));
    const resolved = functions[name];
    if (resolved === undefined) throw new Error(`the rehearsal does not know the intrinsic function ${name}`);
    return resolved(resolve(value[name]));
  };
  return resolve;
};
