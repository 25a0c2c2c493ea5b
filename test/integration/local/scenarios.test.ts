import { describe, expect, it } from 'vitest';
import { aLocalService } from '../../support/local.ts';

interface Run {
  readonly state: string;
  readonly steps: readonly { readonly says: string; readonly isAsExpected: boolean }[];
  readonly proven: readonly { readonly isProven: boolean }[];
}

describe.each(['support', 'support-sinch', 'support-aws'])('the scenarios on channel %s', (channel) => {
  it('pass one after the other and show what was proven', async () => {
    const { call } = await aLocalService();
    const play = async (name: string): Promise<Run> =>
      (await call('POST', `/_local/scenarios/${name}`, { body: { channel } })).body;
    const names = (await call('GET', '/_local/scenarios')).body.scenarios.map(({ name }: { name: string }) => name);

    // The lost answer takes the seconds of a time-out: one provider is enough.
    const played = channel === 'support' ? names : names.filter((name: string) => name !== 'lost-answer');
    for (const name of played) {
      const { state, steps, proven } = await play(name);
      expect(steps.filter(({ isAsExpected }) => !isAsExpected)).toEqual([]);
      expect(proven.length).toBeGreaterThan(0);
      expect([name, state]).toEqual([name, 'passed']);
    }

    expect(names).toEqual(['friday-to-monday', 'stop', 'lost-answer', 'twenty-agents']);
    const { scenarios } = (await call('GET', '/_local/scenarios')).body;
    expect(scenarios[0]).toMatchObject({
      run: { state: 'passed', channel, customer: expect.stringMatching(/^\+1555/) },
    });
  });
});

describe('a scenario', () => {
  it('fails at the step that the service answers otherwise', async () => {
    const { call, fault } = await aLocalService();
    await fault({ provider: 'meta', kind: 'http_500', times: 5 });

    const { body } = await call('POST', '/_local/scenarios/friday-to-monday', { body: { channel: 'support' } });

    expect(body.state).toBe('failed');
    expect(body.steps.at(-1)).toMatchObject({
      says: 'The template is sent.',
      isAsExpected: false,
      answer: { status: 202 },
    });
    expect(body.proven).toEqual([]);
  });

  it('needs a name, a channel and the stage for itself', async () => {
    const { call } = await aLocalService();
    const play = (name: string, body: object) => call('POST', `/_local/scenarios/${name}`, { body });

    expect((await play('earthquake', { channel: 'support' })).body.errors).toMatchObject([{ path: 'name' }]);
    expect((await play('stop', { channel: 'sales' })).body.errors).toMatchObject([{ path: 'channel' }]);
    const first = play('stop', { channel: 'support', paceMs: 150 });
    const states = async () =>
      ((await call('GET', '/_local/scenarios')).body.scenarios as { run: { state: string } | null }[]).map(
        ({ run }) => run?.state,
      );
    await expect.poll(states, { timeout: 30_000 }).toContain('running');
    expect((await play('friday-to-monday', { channel: 'support' })).body.errors).toMatchObject([{ path: 'name' }]);
    expect((await first).body.state).toBe('passed');
  });
});
