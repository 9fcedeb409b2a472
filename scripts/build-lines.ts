import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { withSourceLines } from './bundle/source-lines.ts';

// `npm run -s build:lines < log`: the log with positions in the source. `npm run build` must have made a bundle of the
// same version.
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
process.stdout.write(withSourceLines(await text(process.stdin), DIST));
