import { CommandError, usage } from './failure.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks for confirmation before a permanent removal. `yes` confirms in advance. Throws when the removal is not
 * confirmed.
 */
export async function confirm(terminal: Terminal, question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!terminal.interactive)
    throw usage(`${question} Confirm with --yes, because there is no terminal for the question.`);
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was removed.');
}
