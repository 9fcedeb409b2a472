import { syncBuiltinESMExports } from 'node:module';
import vm from 'node:vm';

// Preloaded (`--import`) on both sides of a comparison. With `KEEP_HEAP`, the server starts without the collection in
// `releaseHeap`, the only caller. In JavaScript, because the TypeScript compiler would be part of the measurement.
if (process.env.KEEP_HEAP) {
  vm.runInNewContext = () => () => undefined;
  syncBuiltinESMExports();
}
