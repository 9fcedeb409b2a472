import type { Context } from 'koa';
import type { BotChecks } from '../../domain/bot-checks/bot-checks.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { BotWidget } from '../page-data/form.ts';
import { FormRefused, type Sent } from './form-errors.ts';

/** The purpose of a form. Turnstile accepts letters, digits, `_` and `-`. */
export type BotAction = 'register' | 'login' | 'reset';

/** The bot check of forms that unauthenticated clients can submit. */
export interface BotCheck {
  /** Undefined when no check is configured. */
  widget(action: BotAction): BotWidget | undefined;
  /** Throws `FormRefused` for a form without a valid token. */
  require(ctx: Context, sent: Sent, action: BotAction): Promise<void>;
}

/** The field that the script of each service adds to the form. */
const FIELDS = { turnstile: 'cf-turnstile-response', hcaptcha: 'h-captcha-response' } as const;
const ADDED: ReadonlySet<string> = new Set([...Object.values(FIELDS), 'g-recaptcha-response', 'csrf']);

const HCAPTCHA = 'https://hcaptcha.com https://*.hcaptcha.com';

/** The sources that the widgets load, as each service documents them for a Content-Security-Policy. */
export const BOT_CHECK_SOURCES = {
  turnstile: {
    'script-src': 'https://challenges.cloudflare.com',
    'frame-src': 'https://challenges.cloudflare.com',
  },
  hcaptcha: {
    'script-src': HCAPTCHA,
    'frame-src': HCAPTCHA,
    'style-src': HCAPTCHA,
    'connect-src': HCAPTCHA,
  },
} as const;

interface Deps {
  checks: BotChecks | undefined;
  guard: Pick<FormGuard, 'browser'>;
}

/** Without `checks`, every form passes and no widget is shown. */
export const botCheck = ({ checks, guard }: Deps): BotCheck => ({
  widget: (action) => checks && { ...checks.site, action },
  async require(ctx, sent, action) {
    if (!checks) return;
    const token = sent[FIELDS[checks.site.provider]] ?? '';
    if (token === '') throw new FormRefused([{ code: 'BOT_CHECK_MISSING' }]);
    const typed = Object.entries(sent).filter(([name]) => !ADDED.has(name));
    const form = JSON.stringify([ctx.path, guard.browser(ctx), typed]);
    if (!(await checks.passes({ token, action, form })))
      throw new FormRefused([{ code: 'BOT_CHECK_FAILED' }]);
  },
});
