import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { type Account, mainContact } from '../../domain/accounts/account.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { CallerTries } from '../../domain/mailed-secrets/caller-tries.ts';
import type { LinkPurpose } from '../../domain/mailed-secrets/mailed-secret.ts';
import type { EmailLinks, LinkKey } from '../../domain/settings/email-links.ts';
import { LINK_PATHS } from '../../domain/settings/email-mails.ts';
import { maskMobile } from '../../domain/values/mobile.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { initial } from '../kit/client-card.ts';
import type { Once } from '../kit/idempotent-form.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import { dayWriter } from '../page-data/days.ts';
import type { EmailLinkOutcome, LinkedAccount } from '../page-data/page-data.ts';

interface Deps {
  links: Pick<EmailLinks, 'look' | 'confirm' | 'disown'>;
  tries: CallerTries;
  originOf: (ctx: Context) => Origin;
  guard: FormGuard;
  show: Show;
  /** The IANA name of the time zone in which an account's day is shown. */
  timeZone: string;
  submitted: ReadSubmitted;
  once: Once;
}

/** The outcomes of the primary button of each link, and of the second one if there is one. */
const OUTCOMES: Record<LinkPurpose, readonly [EmailLinkOutcome, EmailLinkOutcome?]> = {
  verify_email: ['verified', 'disowned'],
  change_email: ['changed'],
  undo_email: ['undone'],
};

/** All parts of issued links are shorter. */
const LONGEST_PART = 64;

/**
 * Reads the link from the query or the form. Throws `LINK_INVALID`, so that a damaged link is reported like any
 * other.
 */
function linkOf({ identifier, key }: Record<string, string | string[] | undefined>): LinkKey {
  const isPart = (value: unknown): value is string =>
    typeof value === 'string' && value !== '' && value.length <= LONGEST_PART;
  if (!isPart(identifier) || !isPart(key)) throw new AppError('LINK_INVALID');
  return { identifier, key };
}

/** The first letter of each name. This suffices for the owner, who may not be the holder of the link. */
function maskedName({ firstName, lastName }: Account['profile']): string | undefined {
  const names = [firstName, lastName].filter((name) => name !== null && name !== '');
  return names.map((name) => `${initial(String(name))}***`).join(' ') || undefined;
}

/**
 * The pages that links in mails open. Opening a link changes nothing, because mail scanners and previews also open
 * links. The button on the page performs the action. The next address contains no secret and can be reloaded.
 */
export function emailLinkPages({
  links,
  tries,
  originOf,
  guard,
  show,
  timeZone,
  submitted,
  once,
}: Deps): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  const written = dayWriter(timeZone);

  function shownAccount(account: Account): LinkedAccount {
    const mobile = mainContact(account, 'mobile')?.value;
    return {
      name: maskedName(account.profile),
      mobile: mobile && maskMobile(mobile),
      madeOn: written(account.createdAt),
      channel: account.registerChannel ?? 'WEB',
    };
  }

  function addPages(purpose: LinkPurpose): void {
    const action = LINK_PATHS[purpose];
    const [primary, secondary] = OUTCOMES[purpose];

    async function answer(form: Record<string, string>): Promise<EmailLinkOutcome> {
      const link = linkOf(form);
      if (form.disown === undefined) {
        await links.confirm(purpose, link);
        return primary;
      }
      if (!secondary) throw new AppError('BAD_REQUEST', { field: 'disown' });
      await links.disown(link);
      return secondary;
    }

    router.get(action, async (ctx: Context) => {
      const link = linkOf(ctx.query);
      const trial = { purpose, key: link.key, origin: originOf(ctx) };
      const { account, email } = await tries.spend(trial, () => links.look(purpose, link));
      const csrf = guard.token(ctx);
      show(ctx, 'links/email-link', {
        purpose,
        action,
        csrf,
        ...link,
        email,
        account: shownAccount(account),
      });
    });
    router.post(action, async (ctx: Context) => {
      const form = await submitted(ctx);
      const next = await once(ctx, form, async () => {
        const trial = { purpose, key: form.key ?? '', origin: originOf(ctx) };
        const outcome = await tries.spend(trial, () => answer(form));
        return `${action}/done?outcome=${outcome}`;
      });
      seeOther(ctx, next);
    });
    router.get(`${action}/done`, (ctx: Context) => {
      const outcome = OUTCOMES[purpose].find((known) => known === ctx.query.outcome);
      if (!outcome) throw new AppError('NOT_FOUND');
      show(ctx, 'links/email-link-done', { outcome });
    });
  }

  for (const purpose of Object.keys(OUTCOMES) as LinkPurpose[]) addPages(purpose);
  return router.routes() as unknown as Middleware;
}
