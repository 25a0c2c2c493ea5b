type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the event matches an EventBridge pattern of value lists, nested objects and `$or`. */
export const matchesPattern = (pattern: unknown, event: unknown): boolean => {
  if (Array.isArray(pattern)) return pattern.includes(event);
  if (!isObject(pattern) || !isObject(event)) return false;
  return Object.entries(pattern).every(([field, wanted]) =>
    field === '$or' && Array.isArray(wanted)
      ? wanted.some((one) => matchesPattern(one, event))
      : matchesPattern(wanted, event[field]),
  );
};
