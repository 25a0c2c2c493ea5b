/**
 * Text with these blocks between their marks, which name the command that writes them; a mark without a block, and a block
 * without its marks, are faults.
 */
export const withBlocks = (text: string, blocks: Readonly<Record<string, string>>, command = 'bench'): string => {
  let result = text;
  for (const [name, block] of Object.entries(blocks)) {
    const [start, end] = [`<!-- ${command}: ${name} -->\n`, `\n<!-- /${command}: ${name} -->`];
    const [from, to] = [result.indexOf(start), result.indexOf(end)];
    if (from === -1 || to < from) throw new Error(`the text has no marks of ${name}`);
    result = result.slice(0, from + start.length) + block + result.slice(to);
  }
  return result;
};
