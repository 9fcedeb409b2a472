import { readFileSync, writeFileSync } from 'node:fs';
import { getHeapCodeStatistics } from 'node:v8';

const BYTES_PER_MIB = 1024 * 1024;
const KIB_PER_MIB = 1024;

/**
 * Returns the memory parts of this process. Reads `/proc`, so it works on Linux only.
 * @returns {import('../memory.ts').MemoryParts}
 */
function memoryParts() {
  const status = readFileSync('/proc/self/status', 'utf8');
  const kib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  const { heapTotal, external } = process.memoryUsage();
  const { code_and_metadata_size, bytecode_and_metadata_size } = getHeapCodeStatistics();
  const [resident, programs] = [kib('VmRSS') / KIB_PER_MIB, kib('RssFile') / KIB_PER_MIB];
  const parts = {
    ...{ resident, programs },
    heap: heapTotal / BYTES_PER_MIB,
    code: (code_and_metadata_size + bytecode_and_metadata_size) / BYTES_PER_MIB,
    external: external / BYTES_PER_MIB,
    native: resident - programs - (heapTotal + external) / BYTES_PER_MIB,
  };
  return Object.fromEntries(Object.entries(parts).map(([name, mib]) => [name, Math.round(mib)]));
}

// Preloaded (`--import`): writes the parts into `MEMORY_FILE` at SIGUSR2.
const file = process.env.MEMORY_FILE;
if (file) process.on('SIGUSR2', () => writeFileSync(file, JSON.stringify(memoryParts())));
