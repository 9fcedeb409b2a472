import type { Context } from 'koa';
import type { ClientMetadata } from '../../domain/clients/client.ts';
import { isPartnerId, type Partners, type Permission } from '../../domain/partners/partners.ts';
import { AppError } from '../../errors/app-error.ts';
import { actAs } from '../../lib/request-context.ts';
import { BadInput } from './errors.ts';
import { optionalHeader, requiredHeader } from './headers.ts';

/** The caller: a partner and, for the information of an account, the account of the token. */
export interface Caller {
  client: ClientMetadata;
  /** Undefined if no token is required. */
  accountId: number | undefined;
}

/** Returns the account and client of a token; undefined for any reason to reject it. */
export type FindBearer = (token: string) => Promise<{ accountId: number; clientId: string } | undefined>;

interface Headers {
  id: string;
  secret: string;
  permission?: Permission;
  /** Whether an API key and the access token of an account are required. */
  forAccount?: boolean;
}

const LOWER_CASE = { id: 'client_id', secret: 'client_secret' } as const;

/** The credentials that each operation requires. */
const CREDENTIALS: Readonly<Record<string, Headers>> = {
  getAccount: { ...LOWER_CASE, forAccount: true },
  setBinding: { ...LOWER_CASE, forAccount: true, permission: 'bindings:write' },
  removeBinding: { ...LOWER_CASE, forAccount: true, permission: 'bindings:write' },
  searchAccounts: {
    id: 'X-Client-Identifier',
    secret: 'X-Client-Secret',
    permission: 'accounts:lookup',
  },
  verifyAccount: { ...LOWER_CASE, permission: 'accounts:lookup' },
};

const SHORT = { longest: 200 };
const TOKEN = { longest: 4096 };

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'CLIENT_REFUSED';

interface Deps {
  partners: Partners;
  findBearer: FindBearer;
}

/**
 * Checks the format of every credential before it compares any of them. Then checks, in this order, the client and
 * secret, the API key, the access token and the permission. A caller without the secret learns nothing about the later
 * checks.
 */
export const authenticate =
  ({ partners, findBearer }: Deps) =>
  async (ctx: Context, operation: { id: string }): Promise<Caller> => {
    const headers = CREDENTIALS[operation.id];
    if (!headers) throw new Error(`${operation.id} says nothing of its credentials`);
    const { permission, forAccount } = headers;
    const apiKey = forAccount ? requiredHeader(ctx, 'Authorization', SHORT) : undefined;
    const token = forAccount ? optionalHeader(ctx, 'access_token', TOKEN) : undefined;
    const id = requiredHeader(ctx, headers.id, SHORT);
    const secret = requiredHeader(ctx, headers.secret, SHORT);
    const client = await partners.authenticate(id, secret).catch((error: unknown) => {
      // an id of another format is malformed, unless the caller has its secret: that client is refused by a later check
      throw isRefusal(error) && !isPartnerId(id) ? new BadInput(headers.id, 'malformed') : error;
    });
    ctx.state.clientId = client.metadata.client_id;
    actAs(`client:${client.metadata.client_id}`);
    if (apiKey !== undefined) await partners.checkApiKey(client, apiKey);
    const bearer = token === undefined ? undefined : await findBearer(token);
    if (forAccount && bearer?.clientId !== id) throw new AppError('INVALID_TOKEN');
    if (permission) await partners.checkPermission(client, permission);
    return { client: client.metadata, accountId: bearer?.accountId };
  };
