import type { Logger } from 'pino';
import { ConfigError } from '../config/load-config.ts';
import { checkViews } from '../domain/views/check-views.ts';
import { readViews, type Views } from '../domain/views/views.ts';

const problem = (text: string): string => `pages.folder: ${text}`;

/** Returns the templates of pages and messages. Throws `ConfigError` with every problem of the folder. */
export function composeViews(folder: string | undefined): Views {
  let views: Views;
  try {
    views = readViews(folder);
  } catch (error) {
    throw new ConfigError([problem((error as Error).message)]);
  }
  const { problems } = checkViews(views);
  if (problems.length > 0) throw new ConfigError(problems.map(problem));
  return views;
}

/** Logs unused texts and files, such as a text that this version no longer has. */
export function noteUnused(log: Logger, views: Views): void {
  for (const name of checkViews(views).unused)
    log.warn({ name }, 'a text or file of pages.folder is not used');
}
