import type { Context } from 'koa';
import type { Channel } from '../../domain/clients/client.ts';
import { parseIdentifierOf } from '../../domain/identifiers/identifier.ts';
import type { AccountSearch, FoundAccount, SearchedContact } from '../../domain/partners/account-search.ts';
import { operation } from '../api.ts';
import type { Caller } from './authenticate.ts';
import { BadInput } from './errors.ts';
import { optionalHeader, requiredHeader } from './headers.ts';
import { CHANNELS, type ShownAccess, searchBody, verifyBody } from './wire.ts';

interface Deps {
  accountSearch: AccountSearch;
}

interface Search {
  identifier: SearchedContact;
  purpose: string | undefined;
  requestId: string;
}

interface SearchWithAccess extends Search {
  /** Undefined if the last access was not requested. */
  channels: readonly Channel[] | undefined;
}

interface Answer {
  found: FoundAccount | undefined;
  access: ShownAccess | undefined;
}

const PURPOSE = { longest: 200, printable: true };
/** An e-mail of 100 characters, or a mobile in any spelling. */
const ACCOUNT = { longest: 100, copied: true };

const searchOf = (ctx: Context, identifier: SearchedContact): Search => ({
  identifier,
  purpose: optionalHeader(ctx, 'X-Purpose', PURPOSE),
  requestId: ctx.state.requestId as string,
});

function contactIn(ctx: Context, name: string): SearchedContact {
  const identifier = parseIdentifierOf(['mobile', 'email'], requiredHeader(ctx, name, ACCOUNT));
  if (!identifier) throw new BadInput(name, 'malformed');
  return identifier;
}

function mobileIn(text: string): SearchedContact {
  const identifier = parseIdentifierOf(['mobile'], text);
  if (!identifier) throw new BadInput('mobile', 'malformed');
  return identifier;
}

/** The search for an account by its mobile or e-mail. */
export function searchOperations({ accountSearch }: Deps) {
  const find = ({ identifier, purpose, requestId }: Search, { client }: Caller) =>
    accountSearch.find({ clientId: client.client_id, identifier, purpose, requestId });

  async function accessOf(
    found: FoundAccount | undefined,
    channels: readonly Channel[] | undefined,
  ): Promise<ShownAccess | undefined> {
    if (!found || !channels) return undefined;
    const known = await accountSearch.lastAccess(found.accountId);
    return Object.fromEntries(channels.map((channel) => [channel, known[channel] ?? null]));
  }

  return [
    operation<Caller, SearchWithAccess, Answer>({
      id: 'searchAccounts',
      method: 'get',
      path: '/accounts',
      read(ctx, { query: { last_access_flag: flag } }) {
        const identifier = contactIn(ctx, 'X-Account-Identifier');
        const channels = CHANNELS.filter((channel) => flag === 'all' || flag === channel);
        return { ...searchOf(ctx, identifier), channels: flag === undefined ? undefined : channels };
      },
      async run({ channels, ...search }, caller) {
        const found = await find(search, caller);
        return { found, access: await accessOf(found, channels) };
      },
      write(ctx, { found, access }) {
        ctx.body = searchBody(found, access);
      },
    }),
    // before `/accounts/:id`, because `verify` is not an id
    operation<Caller, Search, FoundAccount | undefined>({
      id: 'verifyAccount',
      method: 'get',
      path: '/accounts/verify',
      read: (ctx, { query: { mobile } }) => searchOf(ctx, mobileIn(String(mobile))),
      run: find,
      write(ctx, found) {
        ctx.body = verifyBody(found);
      },
    }),
  ];
}
