import type { Context } from 'koa';
import type { ReadSubmitted } from '../kit/submitted.ts';
import type { SignInInProgress } from '../steps/flow-context.ts';

/** A sign-in in progress, with all data that its own pages show. */
export interface SignInAtPage extends SignInInProgress {
  accountId: number | undefined;
  /** The first factor is complete, and one of the methods is the second. */
  isLastStep: boolean;
  /** The authorization details that the client requests, in each language (RFC 9396). */
  details: readonly Record<'th' | 'en', string>[];
  missing: { scopes: string[]; claims: string[]; resources: Record<string, string[]> };
}

export interface SubmittedStepDeps {
  interactions: { find(ctx: Context, uid: string): Promise<SignInAtPage> };
  submitted: ReadSubmitted;
}

/**
 * Reads the form of a step, after checking that a page of this server submitted it. `inTurn` is true if the step is
 * due.
 */
export const submittedStep =
  ({ interactions, submitted }: SubmittedStepDeps) =>
  async (ctx: Context, step: SignInAtPage['step'] | 'any') => {
    const form = await submitted(ctx);
    const view = await interactions.find(ctx, String(ctx.params.uid));
    return { form, view, inTurn: step === 'any' || view.step === step };
  };
