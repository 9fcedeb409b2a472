import type { Context } from 'koa';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import type { KnownPerson } from '../kit/known-person.ts';
import { type CodePaths, pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import type { ClientCard } from '../page-data/page-data.ts';
import type { ProviderChoice, UpstreamOffer } from '../page-data/upstream-data.ts';

/** The sign-in that steps are part of. */
export interface CurrentSignIn {
  uid: string;
  client: ClientCard;
  clientId: string;
  loginHint: string;
  uiLocales: string | undefined;
  reauthenticate: boolean;
  /** The person who must re-authenticate. */
  known?: KnownPerson | undefined;
  methods: readonly MethodName[];
  /** Other providers to sign in with. Undefined where the client or the deployment does not accept any. */
  upstream?: UpstreamOffer | undefined;
}

/** A run of the steps, in one browser. */
export interface Flow {
  /** The path of the first step. The cookies of the steps are limited to it. */
  path: string;
  /** The identifier of the sign-in, which is part of the paths of its steps. */
  uid?: string | undefined;
  signIn?: CurrentSignIn | undefined;
  /** The address that restarts the request of the sign-in if the sign-in ends too early. */
  originalUrl?: string | undefined;
  /** Other providers to register with. */
  providers?: ProviderChoice | undefined;
  /** The next page for a person who already has an account. Defaults to the sign-in. */
  signInAddress?: string | undefined;
}

/** The verified state so far. The browser carries it, sealed, and cannot forge it. */
export interface StepState {
  /** E.164. A code was requested for it. */
  mobile: string;
  /** Identifies the newest message. Undefined when another response returned it. */
  reference?: string | undefined;
  /** Milliseconds since 1970. */
  sentAt: number;
  /** The code that the person typed, after it was accepted. */
  code?: string | undefined;
  originalUrl?: string | undefined;
}

export type StepCookie = SealedCookie<StepState>;

export type Step = (ctx: Context, flow: Flow) => Promise<void> | void;

/** The differences between taking the steps on their own and in a sign-in. */
export interface FlowContext<Paths extends CodePaths = CodePaths> {
  paths: Paths;
  /** Runs a step in its flow, or redirects to the step that is due. */
  at(ctx: Context, step: Step): Promise<void>;
  /** Returns the next address for a person who has verified a mobile. */
  goOn(ctx: Context, flow: Flow, mobile: string): Promise<string>;
}

/** The common data of every form of the steps. */
export const frameOf = ({ signIn }: Flow) => ({
  client: signIn?.client,
  cancelAction: signIn && pathOf(SIGN_IN_PATHS.abort, signIn.uid),
});
