import { spawnSync } from 'node:child_process';

const PLACES = [process.env.PROMTOOL_PATH ?? 'promtool', '/usr/bin/promtool'];

/**
 * The path of promtool, the checker of Prometheus; undefined where it is not installed. It is in Debian's package
 * `prometheus`.
 */
export const PROMTOOL = PLACES.find((path) => spawnSync(path, ['--version']).status === 0);

/** Runs promtool. Returns its output when it failed. */
export function promtoolProblem(args: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(PROMTOOL ?? 'promtool', args, { encoding: 'utf8' });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}
