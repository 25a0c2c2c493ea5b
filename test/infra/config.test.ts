import { describe, expect, it } from 'vitest';
import { readStage } from '../../infra/config.ts';
import { aStage, CONTEXT } from './synthesize.ts';

const read = (stage: unknown) => () => readStage('mine', { mine: stage });

describe('the configuration', () => {
  it('deploys as it stands, with the stage that cdk.json names', () => {
    expect(readStage(String(CONTEXT['stage'])).whatsapp.channels[0]?.retentionDays).toBe(30);
  });

  it('takes half a day without a customer for silence', () => {
    expect(aStage().inboundSilenceHours).toBe(12);
  });

  it('names the stages there are when it is asked for another', () => {
    expect(() => readStage('nowhere', { test: aStage(), live: aStage() })).toThrow(
      'infra/config.ts has no stage "nowhere", only test, live',
    );
  });

  it('does not take a name that every object has for a stage', () => {
    expect(() => readStage('toString', {})).toThrow('no stage "toString"');
  });

  it.each([
    ['an unknown field', { ...aStage(), logRetention: 7 }, 'logRetention'],
    ['a retention that CloudWatch does not know', { ...aStage(), logRetentionDays: 31 }, 'logRetentionDays'],
    [
      'a throttle of nothing',
      { ...aStage(), throttle: { ...aStage().throttle, api: { rate: 0, burst: 1 } } },
      'throttle.api.rate',
    ],
    ['a silence longer than CloudWatch looks back', { ...aStage(), inboundSilenceHours: 169 }, 'inboundSilenceHours'],
    ['an alarm address that is none', { ...aStage(), alarmEmail: 'duty' }, 'alarmEmail'],
    [
      'a channel of no account',
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
