import { describe, expect, it } from 'vitest';
import { createResolver } from '../../rehearsal/assembly/intrinsics.ts';

const resolve = createResolver('Stack', {
  ref: (id) => `ref-${id}`,
  attribute: (id, name) => `${id}.${name}`,
});

describe('a value of a template', () => {
  it.each([
    [{ Ref: 'Table' }, 'ref-Table'],
    [{ Ref: 'AWS::Region' }, 'eu-central-1'],
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'Table.Arn'],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'B' }]] }, 'a/ref-B'],
    [
      {
        'Fn::Select': [
          0,
          { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] },
        ],
      },
      '6a7e8feb',
    ],
    [{ 'Fn::Sub': ['assets-', '{AWS::AccountId}-', '{Table}'].join('$') }, 'assets-111122223333-ref-Table'],
    [
      { list: [{ Ref: 'A' }, 1, null], Ref: 'a property' },
      { list: ['ref-A', 1, null], Ref: 'a property' },
    ],
  ])('%j is %j', (value, resolved) => {
    expect(resolve(value)).toEqual(resolved);
  });

  it.each([{ 'Fn::ImportValue': 'x' }, { 'Fn::Select': [3, ['a']] }])('is refused where it is %j', (value) => {
    expect(() => resolve(value)).toThrow(/Fn::/);
  });
});
