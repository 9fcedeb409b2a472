const MAX_CAUSES = 5;

/** What the log keeps of an error. */
export interface DescribedError {
  type: string;
  code?: string;
  constraint?: string;
  message?: string;
  /** The frames of the stack. */
  at?: string[];
  cause?: DescribedError;
}

/** PostgreSQL and the JSON parser quote the values they do not like. */
const quotesInput = (error: Error): boolean => error instanceof SyntaxError || 'severity' in error;

/** Knex puts the statement before the driver's message. */
const STATEMENT =
  /^\s*(?:with|select|insert|update|delete|create|alter|drop|lock|set|begin|commit|rollback)\b[\s\S]* - /i;

/** A message as it may be logged: without SQL, and URLs without their query and fragment. */
const cleaned = (message: string): string =>
  message.replace(STATEMENT, '').replace(/(\b[a-z]+:\/\/[^\s?#]+)[?#]\S*/gi, '$1');

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * An error as it may be logged: type, code, frames and causes, and the message unless that may quote input.
 * Other members (an SQL text, its bindings, `detail`) are left out.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type: error.name,
    code: text(code),
    constraint: text(constraint),
    message: quotesInput(error) ? undefined : cleaned(error.message),
    at: error.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .map((line) => line.trim()),
    cause:
      error.cause !== undefined && depth < MAX_CAUSES ? describeError(error.cause, depth + 1) : undefined,
  };
}
