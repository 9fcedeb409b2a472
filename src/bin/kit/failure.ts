import { CommanderError } from 'commander';
import { ConfigError } from '../../config/load-config.ts';
import { databaseSentence } from '../../db/explain.ts';
import { translateFailure } from '../../db/failures.ts';
import { MigrationFailure } from '../../db/migration-failure.ts';
import { AppError } from '../../errors/app-error.ts';
import { UnreadableValue } from '../../lib/keyring.ts';

/** Exit codes; `--help` tells them. */
export const EXIT = { ok: 0, refused: 1, usage: 2, down: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure of the command itself, with its message for the person who typed it. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.refused) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** Wrong arguments that only the whole command line shows. */
export const usage = (message: string): CommandError => new CommandError(message, EXIT.usage);

export interface FailureReport {
  exitCode: ExitCode;
  /** One sentence; undefined when it was said already. */
  sentence?: string;
}

/** How the command ends for an error: never with a stack, whatever it was. */
export function reportOf(thrown: unknown): FailureReport {
  if (thrown instanceof CommanderError) {
    // commander has written its own sentence, or the help that was requested
    return { exitCode: thrown.exitCode === 0 ? EXIT.ok : EXIT.usage };
  }
  if (thrown instanceof MigrationFailure) return { exitCode: EXIT.refused, sentence: thrown.message };
  const error = translateFailure(thrown);
  if (error instanceof AppError && error.code === 'UNAVAILABLE') {
    return {
      exitCode: EXIT.down,
      sentence: databaseSentence(error),
    };
  }
  if (error instanceof Error && 'severity' in error)
    return { exitCode: EXIT.refused, sentence: databaseSentence(error) };
  if (error instanceof UnreadableValue) return { exitCode: EXIT.refused, sentence: error.sentence };
  if (error instanceof CommandError) return { exitCode: error.exitCode, sentence: error.message };
  if (error instanceof AppError || error instanceof ConfigError) {
    return { exitCode: EXIT.refused, sentence: error.message };
  }
  return { exitCode: EXIT.refused, sentence: `Failed: ${(error as Error)?.message ?? String(error)}` };
}
