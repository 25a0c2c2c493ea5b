import { useEffect, useState } from 'react';

/** Long enough that a list in motion is not read row by row. */
const REST_MS = 200;

/** The names once they have not changed for a moment. */
export const useSettled = (names: readonly string[]): readonly string[] => {
  const [settled, setSettled] = useState(names);
  const isSame = settled.length === names.length && settled.every((name, index) => name === names[index]);
  const latest = isSame ? settled : names;
  useEffect(() => {
    const timer = setTimeout(() => setSettled(latest), REST_MS);
    return () => clearTimeout(timer);
  }, [latest]);
  return settled;
};
