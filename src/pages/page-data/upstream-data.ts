import type { ErrorCode } from '../../errors/catalogue.ts';
import type { ClientCard, Form } from './form.ts';

/** A provider as its button shows it. */
export interface ShownProvider {
  id: string;
  /** Determines the provider's logo. */
  kind: 'google' | 'line' | 'apple' | 'facebook' | 'oidc';
  name: { th: string; en: string };
}

/** The buttons of providers. Without providers there are no buttons. */
export interface ProviderChoice {
  /** The address to which the buttons are posted. */
  action: string;
  providers: readonly ShownProvider[];
}

/** A person at a provider whom the sign-in will link with its account. */
export interface PendingLink {
  provider: ShownProvider;
  /** The name or address, as given by the provider. */
  person: string | undefined;
  /** Cancels the link. */
  forgetAction: string;
}

export interface UpstreamOffer extends ProviderChoice {
  linking?: PendingLink | undefined;
}

/** The page of the method, which also explains why signing in with a provider failed. */
export interface UpstreamData extends ProviderChoice {
  client: ClientCard | undefined;
  csrf: string;
  cancelAction: string;
  failed?: { code: ErrorCode; provider: ShownProvider } | undefined;
  linking?: PendingLink | undefined;
  /** The other methods. Undefined where the client does not accept one. */
  passwordAddress?: string | undefined;
  codeAddress?: string | undefined;
  emailAddress?: string | undefined;
  passkeyAddress?: string | undefined;
}

/** Asks the person to sign in to an existing account, in order to link it. */
export interface UpstreamLinkData extends Form {
  client: ClientCard | undefined;
  cancelAction: string;
  provider: ShownProvider;
  person: string | undefined;
  /** The address that an account already has, and that the provider assigns to the person. */
  taken: string | undefined;
  /** Undefined where the address belongs to an account. */
  registerAddress: string | undefined;
}

/** A response that arrived in a browser other than the requesting one. */
export interface OtherBrowserData {
  provider: ShownProvider;
  /** The address that restarts the same sign-in in this browser. */
  restartAddress: string | undefined;
}
