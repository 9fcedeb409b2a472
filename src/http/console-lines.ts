import { format } from 'node:util';
import type { Logger } from 'pino';

/** Library output that is ignored, because it is intended: `body.ts` reads request bodies before the library does. */
const EXPECTED = ['already parsed request body detected'];

type Console = Pick<typeof console, 'debug' | 'error' | 'info' | 'log' | 'warn'>;
const LEVELS = { debug: 'debug', error: 'error', info: 'info', log: 'info', warn: 'warn' } as const;

/**
 * Redirects the console output of libraries and the warnings of Node.js to the log, so that standard output is always
 * JSON. Returns a function that reverts this.
 */
export function consoleToLog(log: Logger, target: Console = console): () => void {
  const before = { ...target };
  for (const [name, level] of Object.entries(LEVELS)) {
    target[name as keyof Console] = (...args: unknown[]) => {
      const text = format(...args);
      if (!EXPECTED.some((part) => text.includes(part))) log[level]({ printed: text }, 'library output');
    };
  }
  const onWarning = (warning: Error): void =>
    log.warn({ printed: warning.message, name: warning.name }, 'Node.js warning');
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', onWarning);
  return () => {
    for (const name of Object.keys(LEVELS) as (keyof Console)[]) target[name] = before[name];
    process.off('warning', onWarning);
    for (const printer of printers) process.on('warning', printer);
  };
}
