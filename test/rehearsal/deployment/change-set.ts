import { isDeepStrictEqual } from 'node:util';
import { type ServiceSpec, serviceSpec } from '../../support/service-spec.ts';
import type { Template } from '../assembly/assembly.ts';

/** What an update does to a resource. */
export interface Change {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly type: string;
  /** Of a resource that is modified: by AWS's own specification of the properties that differ. */
  readonly replacement: 'True' | 'Conditional' | 'False' | undefined;
}

type Resource = Template['Resources'][string];

const REPLACEMENTS = { yes: 'True', maybe: 'Conditional', no: 'False' } as const;

/** The worst of what AWS's specification says of the properties that differ. */
const replacementOf = (specification: ServiceSpec, before: Resource, after: Resource): Change['replacement'] => {
  if (before.Type.startsWith('Custom::')) return 'False';
  const { properties } = specification.lookup('resource', 'cloudFormationType', 'equals', after.Type).only();
  const [old = {}, fresh = {}] = [before.Properties, after.Properties];
  const effects = [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
    .filter((name) => !isDeepStrictEqual(old[name], fresh[name]))
    .map((name) => REPLACEMENTS[properties[name]?.causesReplacement ?? 'no']);
  return (['True', 'Conditional'] as const).find((worst) => effects.includes(worst)) ?? 'False';
};

const partsOf = ({ Type, Properties, ...others }: Resource) => ({ Type, Properties, ...others, Metadata: undefined });

/** What CloudFormation would do to get from one template to another; metadata alone changes nothing. */
export const changesBetween = async (
  before: Template['Resources'],
  after: Template['Resources'],
): Promise<readonly Change[]> => {
  const specification = await serviceSpec();
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((logicalId): Change[] => {
    const [old, fresh] = [before[logicalId], after[logicalId]];
    if (old === undefined || fresh === undefined) {
      const type = (old ?? fresh)?.Type ?? '';
      return [{ action: old === undefined ? 'Add' : 'Remove', logicalId, type, replacement: undefined }];
    }
    if (isDeepStrictEqual(partsOf(old), partsOf(fresh))) return [];
    const replacement = old.Type === fresh.Type ? replacementOf(specification, old, fresh) : 'True';
    return [{ action: 'Modify', logicalId, type: fresh.Type, replacement }];
  });
};
