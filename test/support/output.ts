import { vi } from 'vitest';
import * as z from 'zod';

const Line = z.record(z.string(), z.unknown());

/** Captures what this process writes to stdout and stderr, until the returned function is called. */
export const captureOutput = () => {
  const chunks: string[] = [];
  const capture = (chunk: unknown) => {
    chunks.push(String(chunk));
    return true;
  };
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(capture),
  );
  const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...parts) => void capture(`${parts.join(' ')}\n`)),
  );
  /** Ends the capture and returns the output as text and as JSON lines. */
  return () => {
    for (const spy of [...streams, ...consoles]) spy.mockRestore();
    const text = chunks.join('');
    const lines = text.split('\n').filter((line) => line.length > 0);
    return { text, lines: lines.map((line) => Line.parse(JSON.parse(line))) };
  };
};
