import type { Context } from 'koa';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import type { ClientCard } from '../page-data/page-data.ts';
import type { KnownPerson } from './known-person.ts';

/** The sign-in that steps are part of. */
export interface FlowContexts {
  uid: string;
  client: ClientCard;
  clientId: string;
  loginHint: string;
  uiLocales: string | undefined;
  reauthenticate: boolean;
  /** Who must prove it again. */
  known?: KnownPerson | undefined;
  methods: readonly MethodName[];
}

/** Where steps are taken. */
export interface Place {
  /** Of the first step; the others are under it. */
  path: string;
  signIn?: FlowContexts | undefined;
  /** Where the request of the sign-in begins again, should the sign-in itself be over too early. */
  originalUrl?: string | undefined;
}

/** What has been proved so far: the browser brings it along, sealed, and cannot make it up. */
export interface Proof {
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

export type ProofCookie = SealedCookie<Proof>;

export type Step = (ctx: Context, place: Place) => Promise<void> | void;

/** The same steps can be taken on their own and in a sign-in: what differs. */
export interface FlowContext {
  /** The route of the first step. */
  pattern: string;
  /** Takes a step at its place, or leads to where the person is due instead. */
  at(ctx: Context, step: Step): Promise<void>;
  /** The address at which a person goes on who has proved a mobile. */
  goOn(ctx: Context, place: Place, mobile: string): Promise<string>;
}

/** What every form of some steps has around it. */
export const frameOf = ({ signIn }: Place) => ({
  client: signIn?.client,
  cancelAction: signIn && `/interaction/${signIn.uid}/abort`,
});
