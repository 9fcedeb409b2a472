import { spawnSync } from 'node:child_process';

const PLACES = [process.env.PROMTOOL_PATH ?? 'promtool', '/usr/bin/promtool'];

/** The checker of Prometheus, undefined where it is not installed. Debian has it in the package `prometheus`. */
export const PROMTOOL = PLACES.find((path) => spawnSync(path, ['--version']).status === 0);

/** Runs it; what it printed, if that was a failure. */
export function promtoolProblem(args: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(PROMTOOL ?? 'promtool', args, { encoding: 'utf8' });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}
