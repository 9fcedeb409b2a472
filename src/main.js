import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// The only JavaScript of `src/`: Node loads its TypeScript compiler for a file that is not in the cache, and this one
// cannot be. It takes 11 MiB and a tenth of a second. What Node makes of the TypeScript is kept beside the packages,
// which nobody else can write to; where we cannot either (a container), it is re-created. Hence the late import.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/pratu', import.meta.url)));
const { start } = await import('./server/start.ts');
await start();
