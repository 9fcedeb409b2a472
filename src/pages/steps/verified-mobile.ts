import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import { AppError } from '../../errors/app-error.ts';
import { pathOf } from '../kit/paths.ts';
import { seeOther } from '../kit/submitted.ts';
import type { Flow, Step, StepCookie, StepState } from './steps.ts';

/** The state with a code that was accepted, or is about to be checked. */
export type VerifiedMobile = StepState & { code: string };

/** A step for a person who has typed the right code. Other visitors are redirected to the step of the code. */
export const withVerifiedMobile =
  (
    stepCookie: StepCookie,
    codePath: string,
    step: (ctx: Context, flow: Flow, state: VerifiedMobile) => Promise<void> | void,
  ): Step =>
  (ctx, flow) => {
    const state = stepCookie.read(ctx, flow.path);
    if (state?.code === undefined) return seeOther(ctx, pathOf(codePath, flow.uid));
    return step(ctx, flow, { ...state, code: state.code });
  };

interface Deps {
  codes: Pick<OneTimeCodes, 'check' | 'prolong'>;
  stepCookie: StepCookie;
  originOf: (ctx: Context) => Origin;
}

/** Stores that the code was right, for a form that uses it up. Returns the address of that form. */
export async function rememberCode(
  { codes, stepCookie, originOf }: Deps,
  { ctx, flow, state }: { ctx: Context; flow: Flow; state: VerifiedMobile },
  { purpose, next }: { purpose: 'register' | 'reset'; next: string },
): Promise<string> {
  const right = await codes.check({ ...state, purpose, origin: originOf(ctx) });
  if (right.numberTaken) throw new AppError('CONTACT_TAKEN');
  await codes.prolong(right);
  stepCookie.write(ctx, flow.path, state);
  return pathOf(next, flow.uid);
}
