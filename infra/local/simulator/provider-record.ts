import * as z from 'zod';
import { createAcceptedMessages, DeliveredMessage } from './accepted-messages.ts';
import { createFileShelf, SavedFile } from './file-shelf.ts';
import { createWhatsApp, SavedCustomer } from './whatsapp.ts';
import { createWrittenMessages, WrittenMessage } from './written-messages.ts';

/** What the simulated providers remember, as JSON. */
export const SavedRecord = z.strictObject({
  customers: z.array(SavedCustomer),
  accepted: z.array(DeliveredMessage),
  written: z.array(WrittenMessage),
  files: z.array(SavedFile),
  /** Answers of a business number by `<number> <month>`, for prices. */
  answers: z.record(z.string(), z.int().nonnegative()),
});
export type SavedRecord = z.infer<typeof SavedRecord>;

/** What the simulated WhatsApp and the providers remember. */
export const createProviderRecord = (now: () => Date) => {
  const whatsApp = createWhatsApp(now);
  const accepted = createAcceptedMessages();
  const written = createWrittenMessages(now);
  const files = createFileShelf();
  const answers = new Map<string, number>();
  return {
    whatsApp,
    accepted,
    written,
    files,
    answers,
    save: (): SavedRecord => ({
      customers: whatsApp.save(),
      accepted: [...accepted.list()],
      written: [...written.list()],
      files: files.save(),
      answers: Object.fromEntries(answers),
    }),
    load: (saved: SavedRecord): void => {
      whatsApp.load(saved.customers);
      accepted.replace(saved.accepted);
      written.replace(saved.written);
      files.load(saved.files);
      answers.clear();
      for (const [key, count] of Object.entries(saved.answers)) answers.set(key, count);
    },
  };
};
export type ProviderRecord = ReturnType<typeof createProviderRecord>;
