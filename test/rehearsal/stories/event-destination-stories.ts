import { deepStrictEqual, ok } from 'node:assert';
import type { Story } from './story.ts';

const OTHER = 'arn:aws:sns:eu-central-1:111122223333:somebody-else';

export const eventDestination: Story = {
  name: 'a deployment sets the event destination of a business account at AWS, replaces no other one unless told, and takes its own away',
  play: (rehearsal) =>
    rehearsal.logs.expectErrors('EventDestination', async () => {
      const { customResource, eventDestinations } = rehearsal;
      deepStrictEqual((await customResource('Create', 'shop-aws')).Status, 'SUCCESS');
      const [ours = '', ...others] = eventDestinations.get('waba-00aa') ?? [];
      deepStrictEqual([ours.includes('SocialEvents'), others], [true, []]);

      eventDestinations.set('waba-00aa', [OTHER]);
      const refused = await customResource('Update', 'shop-aws');
      deepStrictEqual(refused.Status, 'FAILED');
      ok(refused.Reason.includes(OTHER) && refused.Reason.includes('replaceEventDestination'), refused.Reason);
      deepStrictEqual((await customResource('Delete', 'shop-aws')).Status, 'SUCCESS');
      deepStrictEqual(eventDestinations.get('waba-00aa'), [OTHER]);

      eventDestinations.set('waba-00cc', [OTHER]);
      deepStrictEqual((await customResource('Create', 'outlet-aws')).Status, 'SUCCESS');
      deepStrictEqual(eventDestinations.get('waba-00cc'), [ours]);
      deepStrictEqual((await customResource('Delete', 'outlet-aws')).Status, 'SUCCESS');
      deepStrictEqual(eventDestinations.get('waba-00cc'), []);
    }),
};
