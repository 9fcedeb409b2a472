import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { lazy } from '../../src/lib/lazy.ts';

/** `/app/dist/serve-AB12CD34.js:3:4567`, with or without `file://`. A backslash belongs to JSON. */
const POSITION = /(?:file:\/\/)?\/[^\s"'()[\]\\]*?dist\/([\w-]+\.js):(\d+):(\d+)/g;

function mapOf(outdir: string, file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(join(outdir, `${file}.map`), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/**
 * Replaces positions in files of the bundle by those in the source, such as `src/domain/codes/codes.ts:12:5`. `unknown`
 * counts the positions that the bundle in `outdir` does not contain, which are unchanged.
 */
export function withSourceLines(text: string, outdir: string): { text: string; unknown: number } {
  const maps = new Map<string, () => SourceMap | undefined>();
  let unknown = 0;
  const replaced = text.replace(POSITION, (whole, file: string, line: string, column: string) => {
    if (whole.includes('/node_modules/')) return whole;
    const map = maps.get(file) ?? lazy(() => mapOf(outdir, file));
    maps.set(file, map);
    const entry = map()?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) {
      unknown += 1;
      return whole;
    }
    const { originalSource, originalLine, originalColumn } = entry;
    return `${originalSource.replace(/^(\.\.\/)+/, '')}:${originalLine + 1}:${originalColumn + 1}`;
  });
  return { text: replaced, unknown };
}
