import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readSynthesized, type Synthesized } from '../../rehearsal/assembly/assembly.ts';
import { synthesizeTo } from '../../rehearsal/assembly/synthesize.ts';
import { type Rehearsal, startRehearsal } from '../../rehearsal/rehearsal.ts';
import { consolePage } from '../../rehearsal/stories/caller-stories.ts';
import { eventDestination } from '../../rehearsal/stories/event-destination-stories.ts';
import { sendAndRefusal, webhookToDelivery } from '../../rehearsal/stories/first-stories.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';

const OWN_RUNTIME = [process.execPath, join(import.meta.dirname, '../../rehearsal/lambda/runtime.ts')];

describe('the deployed artefact: the template and the bundles that cdk synth writes', () => {
  const given = process.env['SYNTHESIZED'];
  const folder = given ?? mkdtempSync(join(tmpdir(), 'carewindow-rehearsal-'));
  const start = (synthesized: Synthesized) =>
    startRehearsal({ synthesized, runtime: OWN_RUNTIME, dynamoDbEndpoint: dynamoDbEndpoint() });
  let rehearsal: Rehearsal;
  beforeAll(async () => {
    if (given === undefined) synthesizeTo(folder);
    rehearsal = await start(readSynthesized(folder));
  });
  afterAll(async () => {
    await rehearsal?.stop();
    if (given === undefined) rmSync(folder, { recursive: true });
  });

  it.each([eventDestination, webhookToDelivery, sendAndRefusal, consolePage])('$name', ({ play }) => play(rehearsal));

  it('lacks no permission, reaches no unknown host, and logs no error', () => {
    const { ledger, faults, logs } = rehearsal;

    expect({ denials: ledger.denials, faults, errors: logs.errors, unreadable: logs.unreadable }).toEqual({
      denials: [],
      faults: [],
      errors: [],
      unreadable: [],
    });
  });

  it('has grants that no story uses, and lists them', () => {
    expect(rehearsal.ledger.unused()).toContainEqual(
      expect.stringMatching(/OutboundSendRole.*: lambda:InvokeFunction on /),
    );
    expect(rehearsal.ledger.unused()).not.toContainEqual(
      expect.stringMatching(/InboundWebhookRole.*: dynamodb:UpdateItem /),
    );
    expect(rehearsal.ledger.unused()).not.toContainEqual(
      expect.stringMatching(/EventDestination.*: social-messaging:/),
    );
  });

  it('publishes metrics under the dimensions that alarms and dashboard read', () => {
    expect(rehearsal.logs.metrics().mismatches).toEqual([]);
  });

  it('fails for want of one permission', async () => {
    const { template, ...others } = readSynthesized(folder);
    const text = JSON.stringify(template).replaceAll('"dynamodb:UpdateItem"', '"dynamodb:DescribeTable"');
    const lacking = await start({ ...others, stackName: `${others.stackName}-lacking`, template: JSON.parse(text) });
    onTestFinished(lacking.stop);

    await expect(webhookToDelivery.play(lacking)).rejects.toThrow();
    expect(lacking.ledger.denials).toContainEqual(
      expect.stringMatching(/InboundWebhookRole.*: dynamodb:UpdateItem on .* is not granted/),
    );
  });
});
