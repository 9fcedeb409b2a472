import type { SignInPlace } from '../../domain/values/sign-in-place.ts';
import type { Framed } from './form.ts';
import type { Moment } from './moment.ts';
import type { Portion } from './portion.ts';

type Paged = Pick<Portion<never>, 'more' | 'next'>;

/** A page whose buttons ask for a sign-in first when the last one is some minutes old. */
interface Guarded extends Framed {
  needsRecentSignIn: boolean;
}

export interface ShownBrowser extends SignInPlace {
  uid: string;
  /** The one that the page is read in. */
  isThis: boolean;
  signedInAt: Moment;
  seenAt: Moment;
}

export interface ShownGrant {
  id: string;
  client: string;
  since: Moment;
  /** Undefined when it got nothing since. */
  renewedAt: Moment | undefined;
}

export interface AccountSessionsData extends Guarded {
  browsers: readonly ShownBrowser[];
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
    /** As the partner said it. */
    purpose: string | null;
    found: boolean;
    at: Moment;
  }[];
}

export interface AccountLinkedData extends Guarded {
  links: readonly { provider: string; externalId: string; removable: boolean; since: Moment }[];
}

export interface AccountDeleteData extends Framed {
  /** Who is about to go: a name, else a contact, else the account's number. */
  who: string;
}
