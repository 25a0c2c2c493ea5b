import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { createBucketFolder } from '../../../infra/local/bucket-folder.ts';

const aFolder = async () => {
  const folder = await createBucketFolder();
  onTestFinished(() => folder.end());
  return folder;
};

it('gives all bytes of a file that is removed while it is read', async () => {
  const folder = await aFolder();
  await folder.save('a', Buffer.from('all of it'), 'text/plain');

  const bytes = await folder.open('a');
  await folder.remove('a');

  expect(await text(bytes)).toBe('all of it');
});

it('says at once that there is no such file', async () => {
  const folder = await aFolder();

  await expect(folder.open('nothing')).rejects.toThrow('ENOENT');
  expect(await folder.find('nothing')).toBeUndefined();
});
