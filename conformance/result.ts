import { type Check, NotApplicable } from './check.ts';
import type { Target } from './target.ts';

export type Result =
  | { status: 'passed' }
  | { status: 'failed'; error: unknown }
  | { status: 'not applicable'; reason: string };

/** Runs a check. Never throws. */
export async function resultOf(check: Check, target: Target): Promise<Result> {
  try {
    await check.run(target);
    return { status: 'passed' };
  } catch (error) {
    if (error instanceof NotApplicable) return { status: 'not applicable', reason: error.message };
    return { status: 'failed', error };
  }
}
