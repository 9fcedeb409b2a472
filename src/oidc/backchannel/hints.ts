import { type Client, errors, type FindAccount, type KoaContextWithOIDC } from 'oidc-provider';
import type { Approvals, Hint } from '../../domain/approvals/approvals.ts';
import { asProtocol } from '../edge/errors.ts';
import { NOBODY } from '../edge/nobody.ts';
import { clientKeysOf } from '../library/client-keys.ts';
import { verifyJwt } from '../library/internals.ts';

export interface HintDeps {
  issuer: string;
  approvals: Pick<Approvals, 'approver'>;
}

/** `clockSkew` is the number of seconds by which the signer's clock may be ahead or behind. */
type Reading = HintDeps & { clockSkew: number };

const ROUTE = 'backchannel_authentication';
const SUBJECT = /^[1-9]\d{0,14}$/;

/** Finds the account of a subject; at the backchannel endpoint, `NOBODY` as well. */
export const withNobody =
  (find: FindAccount): FindAccount =>
  (ctx, sub, token) =>
    sub === NOBODY && ctx.oidc.route === ROUTE
      ? { accountId: NOBODY, claims: async () => ({ sub: NOBODY }) }
      : find(ctx, sub, token);

const clientOf = ({ oidc: { client } }: KoaContextWithOIDC): Client => {
  if (!client) throw new errors.InvalidClient('client is not authenticated');
  return client;
};

async function subjectOf({ approvals }: HintDeps, ctx: KoaContextWithOIDC, hint: Hint): Promise<string> {
  const account = await asProtocol(() => approvals.approver(clientOf(ctx).clientId, hint));
  return account ? String(account.id) : NOBODY;
}

const invalid = (message: string): never => {
  throw new errors.InvalidRequest(message);
};

interface SubjectIdentifier {
  format?: unknown;
  email?: unknown;
  phone_number?: unknown;
  iss?: unknown;
  sub?: unknown;
}

/**
 * Returns the hint in the subject identifier of a token, in one of the formats of RFC 9493: `email` (§3.2.2),
 * `phone_number` (§3.2.5) or `iss_sub` (§3.2.3).
 */
function hintOf(subject: SubjectIdentifier, issuer: string): Hint {
  const { format, email, phone_number: mobile, iss, sub } = subject;
  if (format === 'email' && typeof email === 'string') return email;
  if (format === 'phone_number' && typeof mobile === 'string') return mobile;
  if (format === 'iss_sub' && iss === issuer && typeof sub === 'string' && SUBJECT.test(sub))
    return { accountId: Number(sub) };
  return invalid('login_hint_token must have a sub_id of the format email, phone_number or iss_sub');
}

interface HintToken {
  exp?: number;
  sub_id?: SubjectIdentifier | null;
}

/** Returns the payload of a JWT that the client signed with its own key, for this issuer and with an expiry. */
async function readToken(
  { issuer, clockSkew }: Reading,
  ctx: KoaContextWithOIDC,
  token: string,
): Promise<HintToken> {
  const client = clientOf(ctx);
  let payload: HintToken;
  try {
    const options = { issuer: client.clientId, audience: issuer, clockTolerance: clockSkew };
    ({ payload } = await verifyJwt(token, clientKeysOf(client), { ...options, ignoreAzp: true }));
  } catch (error) {
    if ((error as Error).message === 'jwt expired')
      throw new errors.ExpiredLoginHintToken('login_hint_token has expired');
    return invalid('could not validate login_hint_token');
  }
  return payload.exp === undefined ? invalid('login_hint_token must have an exp') : payload;
}

/** Resolves hints to subjects (CIBA Core §7.1). The library reads `id_token_hint` itself. */
export const hints = (deps: Reading) => ({
  processLoginHint: (ctx: KoaContextWithOIDC, hint?: string) => subjectOf(deps, ctx, hint ?? ''),
  async processLoginHintToken(ctx: KoaContextWithOIDC, token?: string) {
    const { sub_id: subject } = await readToken(deps, ctx, token ?? '');
    return subjectOf(deps, ctx, hintOf(subject ?? {}, deps.issuer));
  },
});
