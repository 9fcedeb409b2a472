import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { withSourceLines } from './bundle/source-lines.ts';

// `npm run -s build:lines < log`: prints the log with source positions. `npm run build` must have built the same
// version.
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const { text: log, unknown } = withSourceLines(await text(process.stdin), DIST);
process.stdout.write(log);
if (unknown > 0) {
  process.stderr.write(
    `${unknown} positions are not in dist/. Check out the version that wrote the log, and run npm run build.\n`,
  );
  process.exitCode = 1;
}
