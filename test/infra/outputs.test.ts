import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OUTPUTS_FILE, Outputs } from '../../infra/operate/deployment.ts';
import { ROOT, synthesize } from './synthesize.ts';

describe('the outputs of the deployed stack', () => {
  it('include all that the operator’s commands read', () => {
    expect(Object.keys(synthesize().findOutputs('*'))).toEqual(expect.arrayContaining(Object.keys(Outputs.shape)));
  });

  it('are written to the file that the commands read, which git ignores', () => {
    const cdk = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));

    expect(cdk.outputsFile).toBe(OUTPUTS_FILE);
    expect(readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n')).toContain(OUTPUTS_FILE);
  });
});
