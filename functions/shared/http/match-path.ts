/** A parameter in API Gateway's notation: `{name}` is one segment, `{name+}` is every segment that follows. */
const PARAMETER = /^\{(?<name>\w+)(?<greedy>\+?)\}$/;

const segmentAt = (segments: readonly string[], index: number, isGreedy: boolean): string =>
  isGreedy ? segments.slice(index).join('/') : (segments[index] ?? '');

/** The parameters of a path, whose segments are decoded; `undefined` when the path does not match the template. */
export const matchPath = (
  template: string,
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  const parameters: Record<string, string> = {};
  const expected = template.split('/');
  for (const [index, part] of expected.entries()) {
    const { name, greedy } = PARAMETER.exec(part)?.groups ?? {};
    const isGreedy = greedy === '+';
    const given = segmentAt(segments, index, isGreedy);
    if (name === undefined ? given !== part : given === '') return undefined;
    if (name !== undefined) parameters[name] = given;
    if (isGreedy) return parameters;
  }
  return expected.length === segments.length ? parameters : undefined;
};
