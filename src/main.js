import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// The only JavaScript in `src/`: Node loads its TypeScript compiler for a file that is not in the cache, and this file
// cannot be in it. That takes 11 MiB and a tenth of a second. The compiled code is cached in `node_modules`, which other
// users cannot write to; where it is read-only (a container), it is compiled again. The import waits for the cache.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/pratu', import.meta.url)));
const { start } = await import('./server/start.ts');
await start();
