import type { Context } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { NewCustomer, Registration } from '../../domain/registration/registration.ts';
import { operation, type RequestParts } from '../api.ts';
import { requestLocale } from '../request-locale.ts';
import type { ApiDeps, Caller } from './authenticate.ts';
import { type BodyReaders, empty } from './exchange.ts';
import { membersOf, type ReadingSettings } from './read-members.ts';
import { customer } from './wire.ts';

interface Deps extends ApiDeps {
  registration: Registration;
  reading: () => ReadingSettings;
  bodies: BodyReaders;
}

/** The national ID is a required member, regardless of whether the pages ask for it. */
type Registrant = NewCustomer & { nationalId: string };

/** Registration, and a check whether it would succeed: both have the same body and the same violations. */
export function registrationOperations({ registration, reading, bodies, originOf, firstPartyClient }: Deps) {
  async function read(ctx: Context, { body }: RequestParts): Promise<Registrant> {
    const members = membersOf(body, reading());
    const person = {
      code: members.code(),
      nationalId: members.nationalId(),
      email: members.has('email') ? members.email() : undefined,
      mobile: members.mobile(),
      password: members.text('password'),
      firstName: members.name('firstName'),
      lastName: members.name('lastName'),
      birthDate: members.birthDate(),
      registerChannel: members.channel(),
      titleId: members.title(),
    };
    members.newPassword('password', registration.passwordProblem, {
      names: [person.firstName, person.lastName].filter(Boolean),
      emails: person.email?.value ? [person.email.value] : [],
      mobiles: person.mobile ? [person.mobile] : [],
      nationalId: person.nationalId,
    });
    members.end();
    const registerClientId = await firstPartyClient(ctx);
    return {
      ...person,
      acceptedOn: 'customers',
      registerClientId,
      locale: requestLocale(ctx),
      origin: originOf(ctx),
    };
  }

  return [
    operation<Caller, Registrant, void>({
      id: 'preRegister',
      method: 'post',
      path: '/customers/pre-register',
      open: true,
      body: bodies.json,
      read,
      run: (person) => registration.check(person),
      write: empty,
    }),
    operation<Caller, Registrant, { account: Account; nationalId: string }>({
      id: 'register',
      method: 'post',
      path: '/customers/register',
      open: true,
      body: bodies.json,
      read,
      run: async (person) => ({
        account: await registration.register(person),
        nationalId: person.nationalId,
      }),
      write(ctx, { account, nationalId }) {
        ctx.body = customer(account, { nationalId, timeZone: reading().timeZone });
      },
    }),
  ];
}
