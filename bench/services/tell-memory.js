import { readFileSync, writeFileSync } from 'node:fs';
import { getHeapCodeStatistics } from 'node:v8';

/** Where the resident memory of a process is, in MiB. */
export interface MemoryParts {
  resident: number;
  /** Node's own program and libraries, which processes of one machine share. */
  programs: number;
  /** Objects of JavaScript. */
  heap: number;
  /** Machine code and byte code, part of the heap. */
  code: number;
  /** What JavaScript holds outside of the heap: source texts, buffers. */
  external: number;
  /** The rest: stacks, what C++ and the allocator keep. */
  native: number;
}

const BYTES_PER_MIB = 1024 * 1024;
const KIB_PER_MIB = 1024;

/** Of this process; from `/proc`, so on Linux only. */
function memoryParts(): MemoryParts {
  const status = readFileSync('/proc/self/status', 'utf8');
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
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
  const rounded = Object.entries(parts).map(([name, mib]) => [name, Math.round(mib)]);
  return Object.fromEntries(rounded) as MemoryParts;
}

/** Preloaded (`--import`): writes the parts into `MEMORY_FILE` at SIGUSR2. */
const file = process.env.MEMORY_FILE;
if (file) process.on('SIGUSR2', () => writeFileSync(file, JSON.stringify(memoryParts())));
