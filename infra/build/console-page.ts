import { join } from 'node:path';
import { CONSOLE_ROOT } from '../../functions/shared/http/routes.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'functions', 'console', 'page');

/**
 * Builds the console: every file by its path, the names of assets with a hash of their content. Only a local build
 * contains the panels of the local run.
 */
export const buildConsolePage = async (target: 'aws' | 'local'): Promise<ReadonlyMap<string, Uint8Array | string>> => {
  // Loaded here, so that a local run whose page no one opens does not load it.
  const { build } = await import('vite');
  const built = await build({
    root: PAGE,
    base: `${CONSOLE_ROOT}/`,
    configFile: false,
    envDir: false,
    mode: 'production',
    publicDir: false,
    logLevel: 'warn',
    define: { IS_LOCAL: JSON.stringify(target === 'local'), 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: {
      write: false,
      target: 'es2024',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        checks: { pluginTimings: false },
        // Directives for React's server components mean nothing in a page.
        onLog: (level, log, report) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
        },
      },
    },
  });
  const outputs = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  return new Map(outputs.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]));
};
