import type { Target } from './target.ts';

/** One statement of a specification, held against a running server. */
export interface Check {
  /** Unique; what results are found again by. */
  id: string;
  /** The specification and its section. */
  section: string;
  /** What is true when it passes. */
  title: string;
  /** Throws when it is not true, and `NotApplicable` where the server or the run leaves nothing to check. */
  run(target: Target): Promise<void>;
}

/** Checks that belong together, in the order in which they run. */
export interface Group {
  name: string;
  checks: readonly Check[];
}

/** Thrown by a check that has nothing to look at; the message is the reason. */
export class NotApplicable extends Error {}

export function notApplicable(reason: string): never {
  throw new NotApplicable(reason);
}

/** Short names of the specifications that checks refer to. */
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

/** Makes the checks of one group: `check(id, section, title, run)`. */
export function group(name: string, define: (check: (...parts: CheckParts) => void) => void): Group {
  const checks: Check[] = [];
  define((id, section, title, run) => void checks.push({ id: `${name}-${id}`, section, title, run }));
  return { name, checks };
}

type CheckParts = readonly [id: string, section: string, title: string, run: Run];
