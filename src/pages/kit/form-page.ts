import type Router from '@koa/router';
import type { Context } from 'koa';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { noteError } from '../../http/refusal.ts';
import { type FormFailure, formFailure, type Sent } from './form-errors.ts';
import type { Once } from './idempotent-form.ts';
import { type ReadSubmitted, seeOther } from './submitted.ts';

/** A form that was refused, to be corrected. */
export interface Again extends FormFailure {
  /** Undefined when the form could not be read. */
  sent: Sent | undefined;
}

export interface SentForm {
  read: ReadSubmitted;
  /** Processes a form only once if it is submitted twice, and repeats the first response. */
  once?: Once | undefined;
  /** The failures that the form can explain. Defaults to all of `form-errors.ts`. */
  explains?: readonly ErrorCode[] | undefined;
  /** Performs the form's action. Returns the next address, or undefined when it has sent the response itself. */
  submit(sent: Sent): Promise<string | undefined>;
  /** Shows the form again with its errors. */
  showAgain(again: Again): Promise<void> | void;
}

/** Processes a form. Redirects with 303 to the next page, or shows the form again with its errors and their status. */
export async function takeForm(ctx: Context, form: SentForm): Promise<void> {
  let sent: Sent | undefined;
  try {
    const fields = await form.read(ctx);
    sent = fields;
    const submit = () => form.submit(fields);
    const next = form.once ? await form.once(ctx, fields, submit) : await submit();
    if (next !== undefined) seeOther(ctx, next);
  } catch (error) {
    noteError(ctx, error);
    const failure = formFailure(error, sent, form.explains);
    if (failure.retryAfter !== undefined) ctx.set('Retry-After', String(failure.retryAfter));
    await form.showAgain({ ...failure, sent });
  }
}

/** Adds the waiting time to the errors that concern the whole form. */
export const withWait = <Failure extends FormFailure>(failure: Failure): Failure => ({
  ...failure,
  errors: failure.errors.map((error) =>
    error.field === undefined ? { ...error, retryAfter: failure.retryAfter } : error,
  ),
});

export interface FormPage<Found extends readonly unknown[]>
  extends Pick<SentForm, 'read' | 'once' | 'explains'> {
  path: string;
  /** Runs the page for its subject. Sends a response itself if the subject is not available. */
  at(ctx: Context, run: (ctx: Context, ...found: Found) => Promise<void> | void): Promise<void> | void;
  /** Shows the page. `again` is the form that was refused. */
  show(ctx: Context, found: Found, again?: Again): Promise<void> | void;
  submit(ctx: Context, sent: Sent, ...found: Found): Promise<string | undefined>;
}

/** A page with one form, which is posted to the page's own path. */
export function addFormPage<Found extends readonly unknown[]>(router: Router, page: FormPage<Found>): void {
  router.get(page.path, (ctx: Context) => page.at(ctx, (_, ...found) => page.show(ctx, found)));
  router.post(page.path, (ctx: Context) =>
    page.at(ctx, (_, ...found) =>
      takeForm(ctx, {
        ...{ read: page.read, once: page.once, explains: page.explains },
        submit: (sent) => page.submit(ctx, sent, ...found),
        showAgain: (again) => page.show(ctx, found, withWait(again)),
      }),
    ),
  );
}
