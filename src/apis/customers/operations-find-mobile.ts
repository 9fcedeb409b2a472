import type { Context } from 'koa';
import type { FindMobile } from '../../domain/recovery/find-mobile.ts';
import { operation, type RequestParts } from '../api.ts';
import type { ApiDeps, Caller } from './authenticate.ts';
import { type BodyReaders, json } from './exchange.ts';

interface Deps extends ApiDeps {
  findMobile: FindMobile;
  /** Whether authenticated first-party clients receive the whole number (a setting). */
  revealMobile: boolean;
  bodies: BodyReaders;
}

type Search = Parameters<FindMobile['find']>[0];

/** The first step after a forgotten password. The second operation keeps the identifier out of URLs. */
export function findMobileOperations({ findMobile, revealMobile, bodies, originOf, firstPartyClient }: Deps) {
  const searchOf = async (ctx: Context, identifier: unknown): Promise<Search> => ({
    identifier: String(identifier),
    address: originOf(ctx).address,
    reveal: revealMobile && (await firstPartyClient(ctx)) !== undefined,
  });
  const common = {
    open: true,
    run: (search: Search) => findMobile.find(search),
    write: (ctx: Context, mobile: string) => json(ctx, { mobile }),
  };
  return [
    operation<Caller, Search, string>({
      ...common,
      id: 'findMobile',
      method: 'get',
      path: '/forgotpassword/:identifier/findmobile',
      read: (ctx, { params }) => searchOf(ctx, params.identifier),
    }),
    operation<Caller, Search, string>({
      ...common,
      id: 'findMobileByBody',
      method: 'post',
      path: '/forgotpassword/findmobile',
      body: bodies.jsonOrForm,
      read: (ctx, { body }: RequestParts) => searchOf(ctx, (body as { identifier: unknown }).identifier),
    }),
  ];
}
