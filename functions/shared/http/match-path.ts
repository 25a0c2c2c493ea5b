/** A parameter in API Gateway's notation: `{name}` is one segment, `{name+}` is every segment that follows. */
const PARAMETER = /^\{(?<name>\w+)(?<greedy>\+?)\}$/;

/** The parameters of a path, whose segments are decoded; `undefined` when the path does not match the template. */
export const matchPath = (
  template: string,
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  const parameters: Record<string, string> = {};
  const expected = template.split('/');
  for (const [index, part] of expected.entries()) {
    const { name, greedy } = PARAMETER.exec(part)?.groups ?? {};
    const given = greedy === '+' ? segments.slice(index).join('/') : segments[index];
    if (name === undefined ? given !== part : !given) return undefined;
    if (name !== undefined) parameters[name] = given ?? '';
    if (greedy === '+') return parameters;
  }
  return expected.length === segments.length ? parameters : undefined;
};
