import { createHash } from 'node:crypto';
import type { Counters } from '../rate-limits/counters.ts';

export const BOT_CHECK_PROVIDERS = ['turnstile', 'hcaptcha'] as const;
export type BotCheckProvider = (typeof BOT_CHECK_PROVIDERS)[number];

/** What a widget is rendered with. */
export interface BotCheckSite {
  provider: BotCheckProvider;
  siteKey: string;
}

/** A token as a form brought it. */
export interface SolvedCheck {
  token: string;
  /** What the widget was made for; of Turnstile only. */
  action: string;
  /** The same for each sending of the same form in the same browser, and for nothing else. */
  form: string;
}

/** Tells people from programs by a service whose widget is on a page. */
export interface BotChecks {
  site: BotCheckSite;
  /**
   * Whether the form may go on. A token counts for one form; the same form sent twice is the same. True also when the
   * service does not say anything: the limits on codes and mails still hold.
   */
  passes(solved: SolvedCheck): Promise<boolean>;
}

interface Deps {
  site: BotCheckSite;
  secret: string;
  /** The service's own address, unless told. */
  verifyUrl?: string | undefined;
  /** The host of the pages. */
  hostname: string;
  counters: Pick<Counters, 'consumeAll' | 'look'>;
  fetch: (url: URL, init?: RequestInit) => Promise<Response>;
  /** Told when nothing could be found out, with a word for the reason. */
  onFailed: (reason: string) => void;
}

const VERIFY_URLS: Readonly<Record<BotCheckProvider, string>> = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
};

const LONGEST_TOKEN = 8192;
/** Longer than either service accepts a token. */
const TOKEN_SECONDS = 600;

/** Errors of our settings or of the service; every other one is of the token. */
const NOT_OF_TOKEN: ReadonlySet<unknown> = new Set([
  'missing-input-secret',
  'invalid-input-secret',
  'sitekey-secret-mismatch',
  'not-using-dummy-passcode',
  'bad-request',
  'internal-error',
]);

interface Verdict {
  success: boolean;
  hostname?: unknown;
  action?: unknown;
  'error-codes'?: unknown;
}

const isVerdict = (value: unknown): value is Verdict =>
  typeof (value as Verdict | null)?.success === 'boolean';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export function botChecks({ site, secret, hostname, counters, fetch, onFailed, ...deps }: Deps): BotChecks {
  const url = new URL(deps.verifyUrl ?? VERIFY_URLS[site.provider]);

  /** Undefined when the service does not say. */
  async function verdictOn(token: string): Promise<Verdict | undefined> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams({ secret, response: token, sitekey: site.siteKey }),
      });
      const verdict: unknown = await response.json().catch(() => undefined);
      if (response.status < 500 && isVerdict(verdict)) return verdict;
      onFailed('response');
    } catch (error) {
      const { reason } = error as { reason?: unknown };
      onFailed(typeof reason === 'string' ? reason : 'network');
    }
    return undefined;
  }

  function isRight(verdict: Verdict, action: string): boolean {
    if (verdict.success)
      return verdict.hostname === hostname && (site.provider !== 'turnstile' || verdict.action === action);
    const codes = [verdict['error-codes'] ?? []].flat();
    if (!codes.some((code) => NOT_OF_TOKEN.has(code))) return false;
    onFailed('settings');
    return true;
  }

  return {
    site,
    async passes({ token, action, form }) {
      if (token === '' || token.length > LONGEST_TOKEN) return false;
      const [once, again] = [`bot token ${digestOf(token)}`, `bot form ${digestOf(`${token} ${form}`)}`];
      const wanted = { limit: 1, windowSeconds: TOKEN_SECONDS };
      const used = await counters.consumeAll([
        { ...wanted, name: once },
        { ...wanted, name: again },
      ]);
      // used: by this very form, whose first sending is being answered, or by another one
      if (used) return !(await counters.look(again, 1)).taken;
      const verdict = await verdictOn(token);
      return verdict === undefined || isRight(verdict, action);
    },
  };
}
