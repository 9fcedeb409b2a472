import { syncBuiltinESMExports } from 'node:module';
import vm from 'node:vm';

// Preloaded (`--import`) on both sides of a comparison; with `KEEP_HEAP` the server starts without collecting in
// `releaseHeap`, the only caller. JavaScript, because the compiler of TypeScript would be part of what is measured.
if (process.env.KEEP_HEAP) {
  vm.runInNewContext = () => () => undefined;
  syncBuiltinESMExports();
}
