/** The beginning of a text, at most so many UTF-16 units, never half of a surrogate pair (R2). */
export const beginningOf = (text: string, maxLength: number): string => {
  const cut = text.slice(0, maxLength);
  return cut.length < text.length && !cut.isWellFormed() ? cut.slice(0, -1) : cut;
};
