import { readFileSync } from 'node:fs';
import { type SourceMap as NodeSourceMap, SourceMap } from 'node:module';
import { join } from 'node:path';

/** `…/dist/serve-AB12CD34.js:3:4567`, with or without `file://` and folders. */
const POSITION = /(?:file:\/\/)?[^\s"'()]*?dist\/([\w.-]+\.js):(\d+):(\d+)/g;

/**
 * A text, with the positions in files of the bundle replaced by those in the source: `src/domain/codes/codes.ts:12:5`.
 * What the bundle in `outdir` does not have, or does not come from a source, stays.
 */
export function withSourceLines(text: string, outdir: string): string {
  const maps = new Map<string, NodeSourceMap | undefined>();
  const mapOf = (file: string): NodeSourceMap | undefined => {
    if (!maps.has(file)) {
      try {
        maps.set(file, new SourceMap(JSON.parse(readFileSync(join(outdir, `${file}.map`), 'utf8'))));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        maps.set(file, undefined);
      }
    }
    return maps.get(file);
  };
  return text.replace(POSITION, (whole, file: string, line: string, column: string) => {
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) return whole;
    const { originalSource, originalLine, originalColumn } = entry;
    return `${originalSource.replace(/^(\.\.\/)+/, '')}:${originalLine + 1}:${originalColumn + 1}`;
  });
}
