/** A function of objects that are never changed in place: what it says of each is found once. */
export const once = <Of extends object, Value>(find: (of: Of) => Value): ((of: Of) => Value) => {
  const found = new WeakMap<Of, { readonly value: Value }>();
  return (of) => {
    const known = found.get(of) ?? { value: find(of) };
    found.set(of, known);
    return known.value;
  };
};
