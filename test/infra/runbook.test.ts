import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetParameterError, TransformParameterError } from '@aws-lambda-powertools/parameters/errors';
import { InternalServiceError } from '@aws-sdk/client-secrets-manager';
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROUTES } from '../../functions/shared/http/routes.ts';
import { LOG_LINES } from '../../functions/shared/runtime/log-catalogue.ts';
import { METRIC_NAMES } from '../../functions/shared/runtime/metric-catalogue.ts';
import { RUNBOOK_SECTIONS } from '../../infra/constructs/runbook-sections.ts';
import { aStageAtAws, ROOT, resourcesOf, synthesize } from './synthesize.ts';

const LOG_CODES = Object.keys(LOG_LINES);
const RUNBOOK = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
const PARTS = ['What it means', 'First look', 'Fix', 'Who is harmed'];

/** Answers of Secrets Manager without a class in its SDK: its API reference, CommonErrors.html. */
const COMMON_ERRORS = ['AccessDeniedException', 'ThrottlingException'];

/** Error names in the log that the runbook covers. */
const FAULTS = [
  ...[
    new GetParameterError(),
    new TransformParameterError('json', 'cause'),
    new z.ZodError([]),
    new InternalServiceError({ message: '', $metadata: {} }),
  ].map(({ name }) => name),
  ...COMMON_ERRORS,
];

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const sections = RUNBOOK.split(/^## /m)
  .slice(1)
  .map((text) => {
    const [heading = '', ...lines] = text.split('\n');
    return { anchor: anchorOf(heading), body: lines.join('\n') };
  });

const found = (pattern: RegExp): readonly string[] => [...RUNBOOK.matchAll(pattern)].map(([, name = '']) => name);

describe('the runbook', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize(aStageAtAws());
  });
  const idsOf = (type: string) => Object.keys(resourcesOf(template, type));

  it('has exactly the sections that alarms may name', () => {
    expect(sections.map(({ anchor }) => anchor)).toEqual(RUNBOOK_SECTIONS);
  });

  it.each(sections)('has the four parts in the section $anchor', ({ body }) => {
    const parts = body.split(/^\*\*(.+?)\.\*\*/m).slice(1);

    expect(parts.filter((_, index) => index % 2 === 0)).toEqual(PARTS);
    for (const text of parts.filter((_, index) => index % 2 === 1)) expect(text.trim().length).toBeGreaterThan(40);
  });

  it('has a section for every alarm, and an alarm for every section', () => {
    const named = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => String(Properties['AlarmDescription']).split('docs/runbook.md#')[1],
    );

    expect(new Set(named)).toEqual(new Set(RUNBOOK_SECTIONS));
  });

  it('names log codes that exist', () => {
    const places = [...new Set(LOG_CODES.map((code) => code.split('.')[0]))].join('|');
    const named = found(new RegExp(`\\b((?:${places})\\.[a-z-]+)`, 'g'));

    expect(named.length).toBeGreaterThan(20);
    for (const code of named) expect(LOG_CODES).toContain(code);
  });

  it('names metrics, outputs, functions and faults that exist', () => {
    const deployed = JSON.stringify(template.toJSON());
    const known = (name: string) => [...METRIC_NAMES, ...FAULTS].includes(name) || deployed.includes(name);
    const named = found(/`([A-Z][a-z]+(?:[A-Z][A-Za-z]+)+)`/g);

    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !known(name))).toEqual([]);
  });

  it('queries log groups that exist', () => {
    const queried = found(/^logs (\w+) \d+ '/gm);
    const groups = idsOf('AWS::Logs::LogGroup');

    expect(queried.length).toBeGreaterThan(20);
    for (const name of queried) expect(groups.filter((id) => id.startsWith(name))).toHaveLength(1);
  });

  it('calls routes that exist', () => {
    const known = ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '<>')}`);
    const called = found(/^api ([A-Z]+ "?\/[^ "\n]+)/gm).map((call) =>
      call
        .replaceAll(/<[^>]+>/g, '<>')
        .replace('"', '')
        .replace(/\?.*$/, ''),
    );

    expect(called.length).toBeGreaterThan(5);
    for (const call of called) expect(known).toContain(call);
  });
});
