import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// What Node makes of the TypeScript is kept beside the packages, which nobody else can write to; where we cannot either
// (a container), it is re-created. Everything that is loaded afterwards comes from there: hence the late import.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/pratu', import.meta.url)));
const { start } = await import('./server/start.ts');
await start();
