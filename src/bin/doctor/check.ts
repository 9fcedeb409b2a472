/** The result of one check of the doctor. */
export interface Check {
  name: string;
  status: 'ok' | 'warn' | 'fail';
  /** The finding. */
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

/** Returns the code of an error. Unlike the message, it contains no address or password. */
export const codeOf = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : (name ?? 'unknown error');
};
