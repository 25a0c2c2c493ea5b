/** Makes one value per key, when it is first asked for. */
export const once = <K extends { readonly id: string }, V>(make: (key: K) => V): ((key: K) => V) => {
  const made = new Map<string, V>();
  return (key) => {
    const known = made.get(key.id);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key.id, fresh);
    return fresh;
  };
};
