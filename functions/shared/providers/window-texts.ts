/** The ways in which WhatsApp and the providers say that the customer care window is closed, whatever the code (R10). */
const CLOSED_WINDOW_TEXTS: readonly RegExp[] = [
  /\b24[\s-]?h(?:ou)?rs?\b[^.\d]{0,60}\bwindow\b/i,
  /\bmore than 24[\s-]?h(?:ou)?rs? (?:have|has) passed\b/i,
  /\boutside (?:of )?(?:the |an? )?(?:(?:allowed|sending|customer|care|service|support|messaging|session|conversation) ){1,6}window\b/i,
];

/** Whether one of the texts of an error speaks of the customer care window. */
export const saysWindowClosed = (texts: readonly (string | undefined)[]): boolean =>
  texts.some((text) => text !== undefined && CLOSED_WINDOW_TEXTS.some((pattern) => pattern.test(text)));
