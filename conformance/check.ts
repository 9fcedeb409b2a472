import type { Target } from './target.ts';

/** A requirement of a specification that is checked against a running server. */
export interface Check {
  /** The unique ID of the check and its results. */
  id: string;
  /** The specification and its section. */
  section: string;
  /** The requirement that a passing check confirms. */
  title: string;
  /**
   * Throws when the requirement is not met. Throws `NotApplicable` when there is nothing to check in the server or the
   * run.
   */
  run(target: Target): Promise<void>;
}

/** Related checks, in running order. */
export interface Group {
  name: string;
  checks: readonly Check[];
}

/** Thrown by a check that is not applicable. The message is the reason. */
export class NotApplicable extends Error {}

export function notApplicable(reason: string): never {
  throw new NotApplicable(reason);
}

/** Short names of the specifications. */
export const SPECS = {
  core: 'OpenID Connect Core 1.0',
  discovery: 'OpenID Connect Discovery 1.0',
  registration: 'OpenID Connect Dynamic Registration 1.0',
  logout: 'OpenID Connect RP-Initiated Logout 1.0',
  backchannel: 'OpenID Connect Back-Channel Logout 1.0',
  fapi: 'FAPI 2.0 Security Profile',
  ciba: 'OpenID Connect CIBA Core 1.0',
  documents: 'OAuth Client ID Metadata Document (draft)',
} as const;

type Run = Check['run'];

/** Creates the checks of one group: `check(id, section, title, run)`. */
export function group(name: string, define: (check: (...parts: CheckParts) => void) => void): Group {
  const checks: Check[] = [];
  define((id, section, title, run) => void checks.push({ id: `${name}-${id}`, section, title, run }));
  return { name, checks };
}

type CheckParts = readonly [id: string, section: string, title: string, run: Run];
