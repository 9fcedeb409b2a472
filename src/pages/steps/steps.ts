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
  /** Who must re-authenticate. */
  known?: KnownPerson | undefined;
  methods: readonly MethodName[];
  /** Other providers to sign in with; undefined where the client or the deployment wants none. */
  upstream?: UpstreamOffer | undefined;
}

/** A run of the steps, in one browser. */
export interface Flow {
  /** Of the first step; the cookies of the steps are for it. */
  path: string;
  /** Of the sign-in, which is in the paths of its steps. */
  uid?: string | undefined;
  signIn?: CurrentSignIn | undefined;
  /** Where the request of the sign-in begins again, should the sign-in itself be over too early. */
  originalUrl?: string | undefined;
  /** Other providers to register with. */
  providers?: ProviderChoice | undefined;
  /** Where someone goes on who has an account already; the sign-in unless told. */
  signInAddress?: string | undefined;
}

/** What has been verified so far: the browser brings it along, sealed, and cannot make it up. */
export interface StepState {
  /** E.164; a code was requested. */
  mobile: string;
  /** Names the newest message; undefined when another answer told it. */
  reference?: string | undefined;
  /** Milliseconds since 1970. */
  sentAt: number;
  /** The code that the person typed, once it was right. */
  code?: string | undefined;
  originalUrl?: string | undefined;
}

export type StepCookie = SealedCookie<StepState>;

export type Step = (ctx: Context, flow: Flow) => Promise<void> | void;

/** The same steps can be taken on their own and in a sign-in: what differs between the two. */
export interface FlowContext<Paths extends CodePaths = CodePaths> {
  paths: Paths;
  /** Takes a step in its flow, or leads to where the person is due instead. */
  at(ctx: Context, step: Step): Promise<void>;
  /** The address at which a person goes on who has verified a mobile. */
  goOn(ctx: Context, flow: Flow, mobile: string): Promise<string>;
}

/** What every form of some steps has around it. */
export const frameOf = ({ signIn }: Flow) => ({
  client: signIn?.client,
  cancelAction: signIn && pathOf(SIGN_IN_PATHS.abort, signIn.uid),
});
