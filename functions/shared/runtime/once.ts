/** Creates one value per key on its first use, and returns the same value after that. */
export const once = <K extends { readonly id: string }, V>(create: (key: K) => V): ((key: K) => V) => {
  const values = new Map<string, V>();
  return (key) => {
    const existing = values.get(key.id);
    if (existing !== undefined) return existing;
    const created = create(key);
    values.set(key.id, created);
    return created;
  };
};
