import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import { AppError } from '../../errors/app-error.ts';
import { seeOther } from '../kit/submitted.ts';
import type { Place, Proof, ProofCookie, Step } from './steps.ts';

/** The code was right, or is about to be checked. */
export type Proved = Proof & { code: string };

/** A step for a person who has typed the right code; others are at the step of the code, or before it. */
export const proved =
  (proofs: ProofCookie, step: (ctx: Context, place: Place, proof: Proved) => Promise<void> | void): Step =>
  (ctx, place) => {
    const proof = proofs.read(ctx, place.path);
    if (proof?.code === undefined) return seeOther(ctx, `${place.path}/code`);
    return step(ctx, place, { ...proof, code: proof.code });
  };

interface Deps {
  codes: Pick<OneTimeCodes, 'check' | 'prolong'>;
  proofs: ProofCookie;
  originOf: (ctx: Context) => Origin;
}

/** Remembers that the code was right, for a form that uses it up; the address of that form. */
export async function rememberCode(
  { codes, proofs, originOf }: Deps,
  { ctx, place, proof }: { ctx: Context; place: Place; proof: Proved },
  { purpose, next }: { purpose: 'register' | 'reset'; next: string },
): Promise<string> {
  const right = await codes.check({ ...proof, purpose, origin: originOf(ctx) });
  if (right.numberTaken) throw new AppError('CONTACT_TAKEN');
  await codes.prolong(right);
  proofs.write(ctx, place.path, proof);
  return `${place.path}/${next}`;
}
