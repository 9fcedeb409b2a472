import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Counters } from '../rate-limits/counters.ts';

export type BotCheckProvider = 'turnstile' | 'hcaptcha';

/** The parameters with which a widget is rendered. */
export interface BotCheckSite {
  provider: BotCheckProvider;
  siteKey: string;
}

/** A token that was submitted with a form. */
export interface SolvedCheck {
  token: string;
  /** The action that the widget was rendered for; used by Turnstile only. */
  action: string;
  /** Identical for every submission of the same form in the same browser, and for nothing else. */
  form: string;
}

/** Distinguishes people from programs through a service whose widget is on a page. */
export interface BotChecks {
  site: BotCheckSite;
  /**
   * Returns whether the form may proceed. A token is valid for one form. A repeated submission of that form gets the
   * result of the first, for which it waits. Also returns true if the service gives no verdict, or reports an error of
   * the settings: the limits on codes and mails still apply.
   */
  passes(solved: SolvedCheck): Promise<boolean>;
}

interface Deps {
  site: BotCheckSite;
  secret: string;
  /** Defaults to the address of the service. */
  verifyUrl?: string | undefined;
  /** The host name of the pages. */
  hostname: string;
  counters: Pick<Counters, 'consumeAll' | 'look'>;
  fetch: (url: URL, init?: RequestInit) => Promise<Response>;
  /** The limit of a request by `fetch`, and of the wait for the verdict of another submission. */
  timeoutMs: number;
  /** Called with a keyword for the reason when a token could not be checked. */
  onFailed: (reason: string) => void;
}

const VERIFY_URLS: Readonly<Record<BotCheckProvider, string>> = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
};

const LONGEST_TOKEN = 8192;
/** Longer than either service accepts a token. */
const TOKEN_SECONDS = 600;
const POLL_MS = 50;

/** Errors of the settings or of the service. Every other error concerns the token. */
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

export function botChecks({
  site,
  secret,
  hostname,
  counters,
  fetch,
  timeoutMs,
  onFailed,
  ...deps
}: Deps): BotChecks {
  const url = new URL(deps.verifyUrl ?? VERIFY_URLS[site.provider]);

  /** Undefined if the service gives no verdict. */
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

  const isCounted = async (name: string): Promise<boolean> => !(await counters.look(name, 1)).taken;
  const count = (...names: string[]) =>
    counters.consumeAll(names.map((name) => ({ name, limit: 1, windowSeconds: TOKEN_SECONDS })));

  /** Waits while another submission, maybe in another process, has the token checked. */
  async function waitForVerdict(judged: string): Promise<void> {
    const start = performance.now();
    while (!(await isCounted(judged)) && performance.now() - start < timeoutMs) await pause(POLL_MS);
  }

  return {
    site,
    async passes({ token, action, form }) {
      if (token === '' || token.length > LONGEST_TOKEN) return false;
      const digest = digestOf(token);
      const [judged, passed] = [`bot judged ${digest}`, `bot form ${digestOf(`${token} ${form}`)}`];
      if (await count(`bot token ${digest}`)) {
        await waitForVerdict(judged);
        return isCounted(passed);
      }
      const verdict = await verdictOn(token);
      const isAccepted = verdict === undefined || isRight(verdict, action);
      await count(judged, ...(isAccepted ? [passed] : []));
      return isAccepted;
    },
  };
}
