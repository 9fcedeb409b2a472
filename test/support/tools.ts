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
 * Those of the programs (`mvn`, `go`) that no folder of the path has, and those of the commands
 * (`python3 -m ensurepip --version`) that fail: a program may come without a part of it.
 */
export const missingTools = (tools: readonly string[]): string[] => tools.filter((tool) => !has(tool));
