/** A price category in one spelling: Meta writes `authentication-international` in webhooks, in capitals in its reports. */
export const toPriceCategory = (name: string): string => name.toLowerCase().replaceAll('-', '_');
