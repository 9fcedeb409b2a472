import { CommanderError } from 'commander';
import { ConfigError } from '../../config/load-config.ts';
import { databaseSentence } from '../../db/explain.ts';
import { translateFailure } from '../../db/failures.ts';
import { MigrationFailure } from '../../db/migration-failure.ts';
import { AppError } from '../../errors/app-error.ts';
import { UnreadableValue } from '../../lib/keyring.ts';

/** The exit codes, as documented by `--help`. */
export const EXIT = { ok: 0, refused: 1, usage: 2, down: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure of the command itself, with a message for the person who ran it. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.refused) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** Creates an error for arguments that are only known to be wrong when the whole command line has been parsed. */
export const usage = (message: string): CommandError => new CommandError(message, EXIT.usage);

export interface FailureReport {
  exitCode: ExitCode;
  /** One sentence; undefined when it has already been printed. */
  sentence?: string;
}

/** Returns the exit code and the sentence for an error. The sentence never contains a stack trace. */
export function reportOf(thrown: unknown): FailureReport {
  if (thrown instanceof CommanderError) {
    // commander has already printed its own message or the requested help
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
