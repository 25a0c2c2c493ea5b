import { describe, expect, it } from 'vitest';
import { readStage } from '../../infra/config.ts';
import { aStage, CONTEXT } from './synthesize.ts';

const read = (stage: unknown) => () => readStage('mine', { mine: stage });

describe('the configuration', () => {
  it('is valid for the stage that cdk.json names', () => {
    expect(readStage(String(CONTEXT['stage'])).whatsapp.channels[0]?.retentionDays).toBe(30);
  });

  it('counts twelve hours without a customer message as silence by default', () => {
    expect(aStage().inboundSilenceHours).toBe(12);
  });

  it('names the known stages when another is requested', () => {
    expect(() => readStage('nowhere', { test: aStage(), live: aStage() })).toThrow(
      'infra/config.ts has no stage "nowhere", only test, live',
    );
  });

  it('has no stage by the name of an inherited property', () => {
    expect(() => readStage('toString', {})).toThrow('no stage "toString"');
  });

  it.each([
    ['an unknown field', { ...aStage(), logRetention: 7 }, 'logRetention'],
    ['a retention that CloudWatch does not offer', { ...aStage(), logRetentionDays: 31 }, 'logRetentionDays'],
    [
      'a throttle of zero',
      { ...aStage(), throttle: { ...aStage().throttle, api: { rate: 0, burst: 1 } } },
      'throttle.api.rate',
    ],
    ['a silence longer than CloudWatch evaluates', { ...aStage(), inboundSilenceHours: 169 }, 'inboundSilenceHours'],
    ['an invalid alarm address', { ...aStage(), alarmEmail: 'duty' }, 'alarmEmail'],
    [
      'a channel without an account',
      { ...aStage(), whatsapp: { ...aStage().whatsapp, channels: [{ id: 'orders', account: 'gone' }] } },
      'whatsapp.channels[0].account',
    ],
    [
      'secrets, which belong in Secrets Manager',
      {
        ...aStage(),
        whatsapp: {
          ...aStage().whatsapp,
          accounts: [{ id: 'm', provider: 'meta', wabaId: '1', secrets: { accessToken: 'abc' } }],
        },
      },
      'whatsapp.accounts[0]',
    ],
  ])('refuses %s and names its path', (_, stage, path) => {
    expect(read(stage)).toThrow(path);
  });
});
