/** A part of an answer whose shape the page does not rely on. */
export type Loose = Readonly<Record<string, unknown>>;

export const isLoose = (value: unknown): value is Loose => typeof value === 'object' && value !== null;

/** The text at a field; empty where there is none. */
export const textAt = (of: Loose, field: string): string => {
  const value = of[field];
  return typeof value === 'string' ? value : '';
};

/** The objects in the list at a field. */
export const listAt = (of: Loose, field: string): readonly Loose[] => {
  const value = of[field];
  return Array.isArray(value) ? value.filter(isLoose) : [];
};

/** The object at a field; empty where there is none. */
export const partAt = (of: Loose, field: string): Loose => {
  const value = of[field];
  return isLoose(value) && !Array.isArray(value) ? value : {};
};

export const numberAt = (of: Loose, field: string): number | undefined => {
  const value = of[field];
  return typeof value === 'number' ? value : undefined;
};
