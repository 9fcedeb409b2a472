import type { Context } from 'koa';
import { readForm } from '../../http/body.ts';
import type { FormGuard } from '../../http/form-guard.ts';

/** The fields of a form, once it is sure that our own page sent it. Throws `FORM_NOT_OURS`. */
export type ReadSubmitted = (ctx: Context) => Promise<Record<string, string>>;

export const readSubmitted =
  ({ guard, bodyBytes }: { guard: FormGuard; bodyBytes: number }): ReadSubmitted =>
  async (ctx) => {
    const form = await readForm(ctx, { bytes: bodyBytes });
    guard.check(ctx, form.csrf);
    return form;
  };

/** Answers a form with the address of what comes next, so that loading that again sends nothing again. */
export function seeOther(ctx: Context, address: string): void {
  ctx.redirect(address);
  ctx.status = 303;
}
