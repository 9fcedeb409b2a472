import type { Context } from 'koa';
import type { EmailRegistration, NewEmailAccount } from '../../domain/registration/email-registration.ts';
import { operation } from '../api.ts';
import { requestLocale } from '../request-locale.ts';
import type { ApiDeps, Caller } from './authenticate.ts';
import { type GiveKeyDeps, giveKey } from './give-key.ts';
import * as read from './read-parameters.ts';

interface Deps extends ApiDeps, GiveKeyDeps {
  emailRegistration: EmailRegistration;
  /** The client that keys belong to. */
  clientId: string;
  body: (ctx: Context) => Promise<unknown>;
}

interface Registration {
  somebody: NewEmailAccount;
  gcmId: string | undefined;
}

const LONGITUDES = 180;
const LATITUDES = 90;

/** The registration of an account, which is signed in immediately. */
export function registerOperations({ emailRegistration, clientId, originOf, body, ...deps }: Deps) {
  const give = giveKey(deps);

  function readRegistration(ctx: Context, sent: unknown): Registration {
    const parameters = read.parametersOf(sent);
    parameters.need('email', 'password', 'name', 'id_location');
    const email = parameters.required('email', read.email);
    const password = parameters.required('password', read.anyText);
    const profile = {
      ...parameters.required('name', read.fullName),
      locationId: parameters.required('id_location', read.locationId),
      phone: parameters.optional('phone', read.phone) ?? null,
    };
    const gcmId = parameters.optional('gcm_id', read.gcmId);
    const place = {
      longitude: parameters.optional('longitude', read.degrees(LONGITUDES)) ?? null,
      latitude: parameters.optional('latitude', read.degrees(LATITUDES)) ?? null,
      avatar: parameters.optional('avatar', read.avatar) ?? null,
    };
    return {
      gcmId,
      somebody: {
        email,
        password,
        profile: { ...profile, ...place, locale: requestLocale(ctx) },
        facebookToken: parameters.optional('fb_token', read.facebookToken),
        clientId,
        address: originOf(ctx).address,
      },
    };
  }

  return [
    operation<Caller, Registration, string>({
      id: 'keysRegister',
      method: 'post',
      path: '/api/v2/auth/register',
      issuesToken: true,
      open: true,
      body,
      read: (ctx, parts) => readRegistration(ctx, parts.body),
      async run({ somebody, gcmId }, _caller, ctx) {
        const account = await emailRegistration.register(somebody);
        return give(ctx, { account, by: 'password', gcmId });
      },
      write(ctx, key) {
        ctx.body = { status: 1, key };
      },
    }),
  ];
}
