import { availableParallelism } from 'node:os';
import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { readForm } from '../../src/http/body.ts';
import { bulkhead } from '../../src/lib/bulkhead.ts';
import { passwordHasher } from '../../src/lib/passwords/password-hasher.ts';
import { APP, type BenchClients, MACHINE } from '../clients.ts';
import { HASHING, PERSON } from '../person.ts';
import { configuration } from './configuration.ts';

const ACCOUNT_ID = '1';

/**
 * The reference for comparisons: plain oidc-provider in a separate process. The password of the only person is hashed
 * as in the product. Everything else is the library's.
 */
const { port, clients } = JSON.parse(process.argv[2] ?? '') as { port: number; clients: BenchClients };
const hasher = passwordHasher({
  ...HASHING,
  bulkhead: bulkhead({
    size: availableParallelism(),
    queue: 1000,
    waitMs: 60_000,
    refusal: () => new Error('full'),
  }),
});
const stored = await hasher.hash(PERSON.password);

const provider = new Provider(
  `http://localhost:${port}`,
  configuration({
    clients: [
      { ...APP, ...clients.app },
      { ...MACHINE, ...clients.machine, scope: 'api:read' },
    ] as never,
    profile: { sub: ACCOUNT_ID, ...PERSON.profile },
  }),
);

const isRight = async (login: unknown, password: unknown): Promise<boolean> =>
  login === PERSON.login && (await hasher.verify(String(password), stored)).right;

async function passwordGrant(ctx: KoaContextWithOIDC): Promise<void> {
  const { client, params } = ctx.oidc;
  if (!client || !params || !(await isRight(params.username, params.password)))
    throw new errors.InvalidGrant('the password is wrong');
  const grant = new provider.Grant({ accountId: ACCOUNT_ID, clientId: client.clientId });
  grant.addOIDCScope(String(params.scope));
  const common = {
    accountId: ACCOUNT_ID,
    client,
    grantId: await grant.save(),
    gty: 'password',
    scope: params.scope,
  };
  const accessToken = new provider.AccessToken(common as never);
  const refreshToken = new provider.RefreshToken({ ...common, rotations: 0 } as never);
  ctx.body = {
    access_token: await accessToken.save(),
    refresh_token: await refreshToken.save(),
    token_type: 'bearer',
    expires_in: accessToken.expiration,
  };
}
provider.registerGrantType('password', passwordGrant, ['username', 'password', 'scope']);

const PAGE = (uid: string): string =>
  `<!doctype html><form method="post" action="/interaction/${uid}"><input name="login"><input name="password"></form>`;

// the smallest sign-in page that works
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { uid } = await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = PAGE(uid);
    return;
  }
  const form = await readForm(ctx, { bytes: 65_536 });
  if (!(await isRight(form.login, form.password))) return ctx.throw(401);
  ctx.status = 303;
  ctx.redirect(
    await provider.interactionResult(
      ctx.req,
      ctx.res,
      { login: { accountId: ACCOUNT_ID } },
      { mergeWithLastSubmission: false },
    ),
  );
  ctx.status = 303;
});

provider.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
