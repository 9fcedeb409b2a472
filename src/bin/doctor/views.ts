import { checkViews } from '../../domain/views/check-views.ts';
import { replacedIn } from '../../domain/views/originals.ts';
import { readViews } from '../../domain/views/views.ts';
import { type Check, fail, ok, warn } from './check.ts';

const NAME = 'pages.folder';
/** The maximum number of names in one line. */
const MOST = 10;

const listed = (names: readonly string[]): string =>
  names.slice(0, MOST).join(', ') + (names.length > MOST ? ` and ${names.length - MOST} more` : '');

/**
 * Checks the files of `pages.folder` for errors that prevent a start, unused files, and files whose original has
 * changed.
 */
export function viewChecks(folder: string | undefined): Check[] {
  if (folder === undefined) return [];
  try {
    const views = readViews(folder);
    const { problems, unused } = checkViews(views);
    if (problems.length > 0)
      return problems.map((problem) => fail(NAME, problem, 'Correct the file: see docs/customising.md.'));
    const replaced = replacedIn(views);
    const of = (state: string): string[] =>
      replaced.filter((one) => one.state === state).map(({ name }) => name);
    const [changed, unrecorded, gone] = [of('changed'), of('unrecorded'), of('gone')];
    return [
      ok(NAME, `${views.files.length} file(s): ${listed(views.files)}`),
      ...(changed.length > 0
        ? [
            warn(
              NAME,
              `the original has changed: ${listed(changed)}`,
              'Compare them with views/, then run: pratu pages accept',
            ),
          ]
        : []),
      ...(unrecorded.length > 0
        ? [
            warn(
              NAME,
              `of unknown originals: ${listed(unrecorded)}`,
              'Compare them with views/, then run: pratu pages accept',
            ),
          ]
        : []),
      ...([...unused, ...gone].length > 0
        ? [warn(NAME, `not used: ${listed([...new Set([...unused, ...gone])])}`, 'Remove them.')]
        : []),
    ];
  } catch (error) {
    return [fail(NAME, (error as Error).message, 'Correct pages.folder: see docs/customising.md.')];
  }
}
