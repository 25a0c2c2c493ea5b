import { describe, expect, it } from 'vitest';
import { decide, decideFor, statementsOf } from '../../rehearsal/aws/policies.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:111122223333:table/sessions';

const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const policy = (...Statement: object[]) => statementsOf({ Version: '2012-10-17', Statement });
const outcomeOf = (statements: ReturnType<typeof policy>, action: string, resource: string, context = {}) =>
  decide(statements, { action, resource, context }).outcome;

describe('a role', () => {
  it('may do what a statement allows, whatever the case of the action, and nothing else', () => {
    const statements = policy(allow(['dynamodb:GetItem', 'dynamodb:Query'], TABLE));

    expect(outcomeOf(statements, 'dynamodb:getitem', TABLE)).toBe('allowed');
    expect(outcomeOf(statements, 'dynamodb:PutItem', TABLE)).toBe('not granted');
    expect(outcomeOf(statements, 'dynamodb:Query', `${TABLE}/index/byDueAt`)).toBe('not granted');
    expect(outcomeOf([], 'dynamodb:GetItem', TABLE)).toBe('not granted');
  });

  it.each([
    ['*', 'anything', true],
    ['arn:aws:s3:::files/*', 'arn:aws:s3:::files/30/a', true],
    ['arn:aws:s3:::files/*', 'arn:aws:s3:::files', false],
    ['arn:aws:s3:::f.les', 'arn:aws:s3:::files', false],
    ['secret:stage/*/api-??????', 'secret:stage/shop/api-abc123', true],
    ['secret:stage/*/api-??????', 'secret:stage/shop/api-abc12', false],
    ['secret:stage/*/api-??????', 'secret:stage/shop/api-old-abc123', false],
  ])('on %s may act on %s: %s', (pattern, resource, isAllowed) => {
    expect(outcomeOf(policy(allow('a:B', pattern)), 'a:B', resource)).toBe(isAllowed ? 'allowed' : 'not granted');
  });

  it('may do by a wildcard what the action matches', () => {
    expect(outcomeOf(policy(allow('kms:GenerateDataKey*', '*')), 'kms:GenerateDataKeyPair', 'key')).toBe('allowed');
  });

  it('is denied what a statement denies, whatever another one allows', () => {
    const statements = policy(allow('s3:*', '*'), { ...allow('s3:DeleteObject', '*'), Effect: 'Deny' });

    expect(outcomeOf(statements, 's3:DeleteObject', 'file')).toBe('denied');
    expect(outcomeOf(statements, 's3:GetObject', 'file')).toBe('allowed');
  });

  it.each([
    [{ StringEquals: { 'aws:SourceAccount': '1' } }, { 'aws:SourceAccount': '1' }, true],
    [{ StringEquals: { 'aws:SourceAccount': ['2', '1'] } }, { 'aws:SourceAccount': '1' }, true],
    [{ StringEquals: { 'aws:SourceAccount': '1' } }, { 'aws:SourceAccount': '12' }, false],
    [{ StringEquals: { 'aws:SourceAccount': '1' } }, {}, false],
    [{ ArnLike: { 'aws:SourceArn': 'arn:rule/bus/*' } }, { 'aws:SourceArn': 'arn:rule/bus/one' }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:rule/bus/*' } }, { 'aws:SourceArn': 'arn:rule/one' }, false],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'true' }, false],
    [{ StringEquals: { a: '1', b: '2' } }, { a: '1', b: '3' }, false],
    [{ StringEquals: { a: '1' }, StringLike: { b: '2*' } }, { a: '1', b: '20' }, true],
  ])('with the condition %j and the context %j is allowed: %s', (Condition, context, isAllowed) => {
    const statements = policy(allow('a:B', '*', { Condition }));

    expect(outcomeOf(statements, 'a:B', 'r', context)).toBe(isAllowed ? 'allowed' : 'not granted');
  });

  it('is told what allows it', () => {
    expect(decide(policy(allow(['a:B', 'a:C'], [TABLE, '*'])), { action: 'a:B', resource: TABLE }).by).toEqual([
      { action: 'a:B', resource: TABLE },
      { action: 'a:B', resource: '*' },
    ]);
  });

  it.each([
    ['NotAction', { Effect: 'Allow', NotAction: 'a:B', Resource: '*' }],
    ['NotResource', { Effect: 'Allow', Action: 'a:B', NotResource: '*' }],
    ['IpAddress', allow('a:B', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })],
  ])('is not judged by a policy with %s, which the evaluator does not know', (_, statement) => {
    expect(() => policy(statement)).toThrow();
  });
});

describe('the policy of a resource', () => {
  it('counts for the principals that it names', () => {
    const statements = policy(allow('sqs:SendMessage', '*', { Principal: { Service: 'events.amazonaws.com' } }), {
      ...allow('sqs:*', '*', { Principal: { AWS: '*' } }),
      Effect: 'Deny',
      Condition: { Bool: { tls: 'false' } },
    });
    const send = (Service: string, tls: string) =>
      decideFor(statements, { Service }, { action: 'sqs:SendMessage', resource: 'queue', context: { tls } }).outcome;

    expect(send('events.amazonaws.com', 'true')).toBe('allowed');
    expect(send('events.amazonaws.com', 'false')).toBe('denied');
    expect(send('sns.amazonaws.com', 'true')).toBe('not granted');
  });
});
