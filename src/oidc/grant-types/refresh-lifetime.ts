import type { Config } from '../../config/config.ts';

/** Returns the seconds for which a refresh token is valid without use; `age` is that of its family, in seconds. */
export const refreshSeconds = (
  { refreshIdle, refreshAbsolute }: Pick<Config['tokens'], 'refreshIdle' | 'refreshAbsolute'>,
  age: number,
): number => Math.max(1, Math.min(refreshIdle, refreshAbsolute - age));
