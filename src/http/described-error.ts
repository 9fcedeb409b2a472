const MAX_CAUSES = 5;

/** The parts of an error that are logged. */
export interface DescribedError {
  type: string;
  code?: string;
  constraint?: string;
  message?: string;
  /** The frames of the stack. */
  at?: string[];
  cause?: DescribedError;
}

/** Whether the message may quote input, as messages of PostgreSQL and of the JSON parser do. */
const quotesInput = (error: Error): boolean => error instanceof SyntaxError || 'severity' in error;

/** The statement that Knex puts before the driver's message. */
const STATEMENT =
  /^\s*(?:with|select|insert|update|delete|create|alter|drop|lock|set|begin|commit|rollback)\b[\s\S]* - /i;

/** Removes SQL, and the query and fragment of URLs, from a message. */
const cleaned = (message: string): string =>
  message.replace(STATEMENT, '').replace(/(\b[a-z]+:\/\/[^\s?#]+)[?#]\S*/gi, '$1');

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * Describes an error for the log: type, code, constraint, stack frames, causes, and the message unless it may quote
 * input. Omits other members (an SQL text, its bindings, `detail`).
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
