/** Every text of the panels of the local run, in one place. */
export const localStrings = {
  time: { label: 'The service’s clock', hour: '+1 h', now: 'Now' },
  phone: { label: 'A customer’s phone', from: 'Number', text: 'Message', write: 'Write as the customer' },
} as const;
