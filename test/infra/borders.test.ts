import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROOT } from './synthesize.ts';

interface Border {
  /** A file of the room, which need not exist: borders go by folder. */
  readonly file: string;
  readonly refused: readonly string[];
  readonly allowed: readonly string[];
}

const inStore = (file: string, refused: readonly string[], allowed: readonly string[]): Border => ({
  file: `functions/shared/store/${file}`,
  refused: ['../../runtime/log.ts', '../../providers/provider.ts', '../../../outbound-send/send.ts', ...refused],
  allowed: ['../../domain/window.ts', '../keys.ts', '../dynamo/client.ts', '@aws-sdk/lib-dynamodb', ...allowed],
});

const BORDERS: readonly Border[] = [
  {
    file: 'functions/a-new-lambda/step.ts',
    refused: [
      '../outbound-send/send.ts',
      '../another-new-lambda/step.ts',
      '@aws-sdk/client-sqs',
      '../../infra/config.ts',
    ],
    allowed: ['../shared/store/keys.ts', '../shared/runtime/log.ts', './env.ts', 'zod', 'node:crypto'],
  },
  {
    file: 'functions/a-new-lambda/steps/step.ts',
    refused: ['../../outbound-send/send.ts', '../../../infra/config.ts'],
    allowed: ['../../shared/domain/window.ts', '../env.ts'],
  },
  {
    file: 'functions/client/call.ts',
    refused: ['../shared/domain/window.ts', '../outbound-send/send.ts', '@aws-sdk/client-sqs'],
    allowed: ['./client.ts', 'openapi-fetch', 'aws4fetch'],
  },
  {
    file: 'functions/shared/domain/fact.ts',
    refused: ['../store/keys.ts', '../runtime/log.ts', 'node:crypto', '@aws-sdk/lib-dynamodb', 'aws-lambda', 'p-map'],
    allowed: ['./window.ts', 'zod'],
  },
  {
    file: 'functions/shared/network/call.ts',
    refused: ['../domain/window.ts', '../providers/provider.ts', '@aws-sdk/client-sqs'],
    allowed: ['./http-call.ts', 'node:timers/promises'],
  },
  {
    file: 'functions/shared/http/answer.ts',
    refused: ['../store/keys.ts', '../providers/provider.ts', '../runtime/log.ts', '@aws-sdk/client-sqs'],
    allowed: ['../domain/window.ts', 'type ../runtime/log.ts', 'aws-lambda'],
  },
  {
    file: 'functions/shared/runtime/wiring.ts',
    refused: ['../../outbound-send/send.ts', '../../../infra/config.ts'],
    allowed: ['../store/keys.ts', '../providers/registry.ts', '@aws-sdk/client-sqs', '@aws-lambda-powertools/logger'],
  },
  {
    file: 'functions/shared/events/event.ts',
    refused: ['../providers/provider.ts', '../http/problem.ts', '@aws-sdk/client-eventbridge'],
    allowed: ['../domain/window.ts', '../store/items.ts', '../runtime/event-bus.ts', 'node:crypto'],
  },
  {
    file: 'functions/shared/a-new-room/step.ts',
    refused: ['../../outbound-send/send.ts', '../../../infra/config.ts'],
    allowed: ['../domain/window.ts'],
  },
  {
    file: 'functions/shared/providers/port.ts',
    refused: [
      './meta/client.ts',
      './a-new-vendor/client.ts',
      '../store/keys.ts',
      '../runtime/log.ts',
      '../http/problem.ts',
    ],
    allowed: ['../domain/window.ts', '../network/http-call.ts', './provider.ts'],
  },
  {
    file: 'functions/shared/providers/registry.ts',
    refused: ['../store/keys.ts', '../runtime/log.ts', '@aws-sdk/client-sqs'],
    allowed: ['./meta/client.ts', './a-new-vendor/client.ts', './provider.ts', '../domain/config.ts'],
  },
  {
    file: 'functions/shared/providers/a-new-vendor/client.ts',
    refused: ['../meta/client.ts', '../../store/keys.ts', '../../runtime/log.ts', '@aws-sdk/client-sqs'],
    allowed: ['../provider.ts', '../../domain/window.ts', '../../network/http-call.ts', 'node:crypto'],
  },
  {
    file: 'functions/shared/store/changes.ts',
    refused: ['../runtime/log.ts', '../a-new-room/step.ts', '../../outbound-send/send.ts', '@aws-sdk/client-sqs'],
    allowed: ['../domain/window.ts', './session/record-history.ts', '@aws-sdk/util-dynamodb'],
  },
  {
    file: 'functions/shared/store/keys.ts',
    refused: ['./session/extend-session.ts', './dynamo/client.ts', '../runtime/log.ts'],
    allowed: ['../domain/customer.ts', './table.ts'],
  },
  inStore('dynamo/step.ts', ['../due/find-due.ts', '../message/claim-send.ts', '../template/write-template.ts'], []),
  inStore('due/step.ts', ['../usage/usage-keys.ts', '../message/claim-send.ts'], []),
  inStore('template/step.ts', ['../session/extend-session.ts', '../message/claim-send.ts'], []),
  inStore('usage/step.ts', ['../customer/load-customer.ts', '../session/extend-session.ts'], ['../due/find-due.ts']),
  inStore('customer/step.ts', ['../session/extend-session.ts', '../message/claim-send.ts'], ['../usage/usage-keys.ts']),
  inStore('session/step.ts', ['../message/claim-send.ts'], ['../customer/load-customer.ts', '../due/find-due.ts']),
  inStore('message/step.ts', [], ['../session/extend-session.ts', '../template/template-registry.ts']),
  inStore(
    'a-new-topic/step.ts',
    ['@aws-sdk/client-sqs', '@aws-lambda-powertools/logger'],
    ['../message/claim-send.ts'],
  ),
  {
    file: 'infra/a-new-stack.ts',
    refused: [
      '../functions/outbound-send/send.ts',
      '../functions/shared/store/keys.ts',
      './local/main.ts',
      './build/bundle.ts',
    ],
    allowed: ['../functions/outbound-send/env.ts', './functions/outbound-send.ts', './constructs/service-api.ts'],
  },
  ...['constructs', 'functions'].map((folder) => ({
    file: `infra/${folder}/a-new-one.ts`,
    refused: [
      '../../functions/outbound-send/send.ts',
      '../../functions/shared/runtime/secrets.ts',
      '../local/main.ts',
      '../operate/redrive.ts',
    ],
    allowed: [
      '../../functions/outbound-send/env.ts',
      '../../functions/shared/store/table.ts',
      '../../functions/shared/domain/config.ts',
      '../../functions/shared/domain/delivery.ts',
      '../../functions/shared/http/routes.ts',
      '../../functions/shared/runtime/env.ts',
      '../../functions/shared/runtime/metric-catalogue.ts',
      '../constructs/service-api.ts',
      '../config.ts',
    ],
  })),
  {
    file: 'infra/build/generate.ts',
    refused: ['../local/main.ts', '../operate/redrive.ts', '../constructs/service-api.ts'],
    allowed: ['../../functions/sessions-api/page-query.ts', './bundle.ts'],
  },
  {
    file: 'infra/build/openapi/topic.ts',
    refused: ['../../local/main.ts', '../../constructs/service-api.ts'],
    allowed: ['../../../functions/sessions-api/page-query.ts', './examples.ts'],
  },
  {
    file: 'infra/shared/share.ts',
    refused: ['../local/main.ts', '../operate/redrive.ts', '../build/bundle.ts'],
    allowed: ['../../functions/shared/domain/config.ts'],
  },
  {
    file: 'infra/operate/command.ts',
    refused: ['../local/main.ts', '../build/bundle.ts', '../constructs/service-api.ts'],
    allowed: ['../../functions/change-stream/change-stream.ts', '../shared/local-engine.ts', '../config.ts'],
  },
  {
    file: 'infra/local/start.ts',
    refused: ['../operate/redrive.ts', '../build/bundle.ts', '../constructs/service-api.ts'],
    allowed: [
      '../../functions/change-stream/change-stream.ts',
      '../shared/local-engine.ts',
      '../operate/stream-reader.ts',
      '../operate/redrive-dead-letters.ts',
    ],
  },
  {
    file: 'infra/local/simulator/meta/start.ts',
    refused: ['../../../operate/redrive.ts', '../../../build/bundle.ts'],
    allowed: ['../call-log.ts', '../../../../functions/shared/domain/config.ts'],
  },
];

const Findings = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string(), message: z.string() })),
});

/** A line per import; `type <specifier>` imports a type. */
const toSource = (specifiers: readonly string[]): string =>
  specifiers
    .map((specifier, index) =>
      specifier.startsWith('type ')
        ? `import type { Name${index} } from '${specifier.slice('type '.length)}';`
        : `import { name${index} } from '${specifier}';`,
    )
    .join('\n');

describe('the borders of the rooms', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-borders-'));
  let found: ReadonlySet<string>;
  beforeAll(() => {
    copyFileSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    for (const { file, refused, allowed } of BORDERS) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), toSource([...refused, ...allowed]));
    }
    const oxlint = join(ROOT, 'node_modules/.bin/oxlint');
    const { stdout } = spawnSync(oxlint, ['--format', 'json', '.'], { cwd: folder, encoding: 'utf8' });
    const findings = Findings.parse(JSON.parse(stdout)).diagnostics;
    found = new Set(
      findings
        .filter(({ code }) => code === 'eslint(no-restricted-imports)')
        .map(({ filename, message }) => `${filename} ${/'(.+)'/.exec(message)?.[1]}`),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(BORDERS)('of $file refuse what the room must not know, and nothing else', ({ file, refused, allowed }) => {
    const refusedIn = [...refused, ...allowed].filter((specifier) => found.has(`${file} ${specifier}`));

    expect(refusedIn).toEqual(refused);
  });
});
