import type { ErrorCode } from '../../errors/catalogue.ts';
import type { ClientCard, Form } from './form.ts';

/** A provider as its button shows it. */
export interface ShownProvider {
  id: string;
  /** Which mark it has. */
  kind: 'google' | 'line' | 'apple' | 'facebook' | 'oidc';
  name: { th: string; en: string };
}

/** Buttons of providers; without any, there are no buttons. */
export interface ProviderChoice {
  /** Where the buttons are posted. */
  action: string;
  providers: readonly ShownProvider[];
}

/** Someone at a provider whom the sign-in links with its account. */
export interface PendingLink {
  provider: ShownProvider;
  /** Name or address, as the provider says it. */
  person: string | undefined;
  /** Ends it. */
  forgetAction: string;
}

export interface UpstreamOffer extends ProviderChoice {
  linking?: PendingLink | undefined;
}

/** The page of the method, which also tells why a provider did not sign in. */
export interface UpstreamData extends ProviderChoice {
  client: ClientCard | undefined;
  csrf: string;
  cancelAction: string;
  failed?: { code: ErrorCode; provider: ShownProvider } | undefined;
  linking?: PendingLink | undefined;
  /** Other methods; undefined where the client does not want one. */
  passwordAddress?: string | undefined;
  codeAddress?: string | undefined;
  emailAddress?: string | undefined;
  passkeyAddress?: string | undefined;
}

/** Has someone sign in to an account that exists, to link it. */
export interface UpstreamLinkData extends Form {
  client: ClientCard | undefined;
  cancelAction: string;
  provider: ShownProvider;
  person: string | undefined;
  /** The address that an account has, which the provider says is the person's. */
  taken: string | undefined;
  /** Undefined where the address belongs to an account. */
  registerAddress: string | undefined;
}

/** A response that came in another browser than the one that asked. */
export interface OtherBrowserData {
  provider: ShownProvider;
  /** Where the same sign-in begins again in this browser. */
  restartAddress: string | undefined;
}
