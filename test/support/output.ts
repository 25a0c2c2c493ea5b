import { vi } from 'vitest';
import * as z from 'zod';

const Line = z.record(z.string(), z.unknown());

/** Keeps what this process writes to its output, instead of writing it, until the end. */
export const captureOutput = () => {
  const chunks: string[] = [];
  const take = (chunk: unknown) => {
    chunks.push(String(chunk));
    return true;
  };
  const streams = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(take));
  const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...said) => void take(`${said.join(' ')}\n`)),
  );
  /** Gives the output back, as text and as JSON lines. */
  return () => {
    for (const spy of [...streams, ...consoles]) spy.mockRestore();
    const text = chunks.join('');
    const lines = text.split('\n').filter((line) => line.length > 0);
    return { text, lines: lines.map((line) => Line.parse(JSON.parse(line))) };
  };
};
