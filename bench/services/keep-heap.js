import { registerHooks } from 'node:module';

/**
 * Preloaded (`--import`) on both sides of a comparison; with `KEEP_HEAP` the server starts without `releaseHeap`.
 */
registerHooks({
  load(url, context, nextLoad) {
    const replaced = process.env.KEEP_HEAP && url.endsWith('/src/lib/release-heap.ts');
    if (!replaced) return nextLoad(url, context);
    return { format: 'module', shortCircuit: true, source: 'export function releaseHeap() {}' };
  },
});
