import type { Framed } from './form.ts';
import type { Moment } from './moment.ts';
import type { Portion } from './portion.ts';
import type { ProviderChoice } from './upstream-data.ts';

type Paged = Pick<Portion<never>, 'more' | 'next'>;

/** A page whose buttons first require a new sign-in if the last one is some minutes old. */
interface Guarded extends Framed {
  needsRecentSignIn: boolean;
}

/** A device as its owner recognises it: by its browser and system, not by its network. */
export interface ShownDevice {
  browser: string | null;
  system: string | null;
  isPhone: boolean;
}

export interface ShownSession {
  uid: string;
  /** The session in which the page is shown. */
  isThis: boolean;
  signedInAt: Moment;
  seenAt: Moment;
}

/** The sessions of browsers that look alike. */
export interface DeviceWithSessions extends ShownDevice {
  sessions: readonly ShownSession[];
}

export interface ShownGrant {
  id: string;
  client: string;
  since: Moment;
  /** Undefined if no token has been issued since. */
  renewedAt: Moment | undefined;
}

export interface AccountSessionsData extends Guarded {
  devices: readonly DeviceWithSessions[];
  moreBrowsers: number;
  grants: readonly ShownGrant[];
  moreGrants: number;
}

export interface ShownApplication {
  clientId: string;
  client: string;
  scopes: readonly string[];
  claims: readonly string[];
  resources: readonly { identifier: string; scopes: readonly string[] }[];
  grantedAt: Moment;
  lastUsedAt: Moment;
}

export interface AccountApplicationsData extends Guarded, Paged {
  applications: readonly ShownApplication[];
}

export interface AccountLookupsData extends Framed, Paged {
  lookups: readonly {
    client: string;
    /** The purpose as stated by the partner. */
    purpose: string | null;
    found: boolean;
    at: Moment;
  }[];
}

export const LINK_FAILURES = ['denied', 'invalid', 'unavailable', 'taken'] as const;
export type LinkFailure = (typeof LINK_FAILURES)[number];

export interface AccountLinkedData extends Guarded {
  links: readonly {
    provider: string;
    /** The name of a provider from the configuration. */
    name?: { th: string; en: string } | undefined;
    externalId: string;
    removable: boolean;
    since: Moment;
  }[];
  /** Providers that the account can be linked with. */
  add?: ProviderChoice | undefined;
  /** The reason why the last attempt to add a link failed. */
  failed?: LinkFailure | undefined;
}

export interface AccountDeleteData extends Framed {
  /** The account to be deleted: a name, otherwise a contact, otherwise the account's number. */
  who: string;
}
