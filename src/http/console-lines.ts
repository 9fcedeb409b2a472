import { format } from 'node:util';
import type { Logger } from 'pino';

/** What libraries print although it is meant to be so here: bodies are read by us (`body.ts`). */
const EXPECTED = ['already parsed request body detected'];

type Console = Pick<typeof console, 'debug' | 'error' | 'info' | 'log' | 'warn'>;
const LEVELS = { debug: 'debug', error: 'error', info: 'info', log: 'info', warn: 'warn' } as const;

/**
 * Turns what libraries print into log lines, so that standard output is JSON throughout.
 * Node's own warnings come the same way. Returns what undoes it.
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
