import type { Context } from 'koa';
import { readForm } from '../../http/body.ts';
import type { FormGuard } from '../../http/form-guard.ts';

/** The fields of a form, after checking that a page of this server submitted it. Throws `FORM_NOT_OURS`. */
export type ReadSubmitted = (ctx: Context) => Promise<Record<string, string>>;

export const readSubmitted =
  ({ guard, bodyBytes }: { guard: FormGuard; bodyBytes: number }): ReadSubmitted =>
  async (ctx) => {
    const form = await readForm(ctx, { bytes: bodyBytes });
    guard.check(ctx, form.csrf);
    return form;
  };

/** Redirects a form to the next page, so that reloading that page does not submit the form again. */
export function seeOther(ctx: Context, address: string): void {
  ctx.redirect(address);
  ctx.status = 303;
}
