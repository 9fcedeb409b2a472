/** One thing that the doctor checked. */
export interface Check {
  name: string;
  status: 'ok' | 'warn' | 'fail';
  /** What it found. */
  message: string;
  /** How to fix it. */
  mend?: string;
}

export const ok = (name: string, message: string): Check => ({ name, status: 'ok', message });

export const warn = (name: string, message: string, mend: string): Check => ({
  name,
  status: 'warn',
  message,
  mend,
});

export const fail = (name: string, message: string, mend: string): Check => ({
  name,
  status: 'fail',
  message,
  mend,
});

/** The code of a failure, which unlike its message holds no address or password. */
export const codeOf = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : (name ?? 'unknown error');
};
