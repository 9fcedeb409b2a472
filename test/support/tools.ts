import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const folders = (process.env.PATH ?? '').split(delimiter);

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function has(tool: string): boolean {
  const [program = '', ...args] = tool.split(' ');
  if (!folders.some((folder) => isProgram(join(folder, program)))) return false;
  return args.length === 0 || spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/**
 * Returns the programs (`mvn`, `go`) that are not in the `PATH`, and the commands (`python3 -m ensurepip --version`)
 * that fail: a program may be installed without one of its parts.
 */
export const missingTools = (tools: readonly string[]): string[] => tools.filter((tool) => !has(tool));
