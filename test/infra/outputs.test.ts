import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Outputs } from '../../infra/operate/deployment.ts';
import { aStageAtAws, ROOT, synthesize } from './synthesize.ts';

describe('the outputs of the deployed stack', () => {
  it('include all that the operator’s commands read', () => {
    const outputs = Object.keys(synthesize(aStageAtAws()).findOutputs('*'));

    expect(outputs).toEqual(expect.arrayContaining(Object.keys(Outputs.shape)));
  });

  it('are kept in no file, which the deployment of another stage would overwrite', () => {
    const cdk = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));

    expect(cdk).not.toHaveProperty('outputsFile');
  });
});
