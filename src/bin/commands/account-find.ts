import { type Command, Option } from 'commander';
import type { Account, AccountStatus } from '../../domain/accounts/account.ts';
import { SEARCHED, type Searched } from '../../domain/administration/account-listing.ts';
import { parseIdentifier } from '../../domain/identifiers/identifier.ts';
import type { Page } from '../../domain/values/cursor.ts';
import { type Answer, table } from '../kit/answer.ts';
import { pageSize } from '../kit/option-values.ts';
import { shownAccount } from '../kit/shown-account.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

interface Paging {
  limit: number;
  after?: string;
}

const paged = (command: Command): Command =>
  command
    .option('--limit <number>', 'how many accounts at most', pageSize, 50)
    .option('--after <cursor>', 'the cursor at the end of the previous page');

function answerOf({ data, next }: Page<Account>): Answer {
  const accounts = data.map(shownAccount);
  const rows = accounts.map(({ id, status, name, contacts, created_at }) => [
    id,
    status,
    name,
    contacts.map(({ value }) => value),
    created_at,
  ]);
  const text = table(['id', 'status', 'name', 'contacts', 'created'], rows);
  return { data: { data: accounts, next }, text: next ? `${text}\nMore: --after ${next}` : text };
}

export const accountListCommand = (setting: Setting): Command =>
  paged(
    subcommand({
      name: 'list',
      description: 'lists accounts, newest first',
      example: 'account list --status suspended',
    }).addOption(
      new Option('--status <status>', 'only accounts with this status').choices([
        'active',
        'pending',
        'suspended',
        'deleted',
      ]),
    ),
  ).action(
    working(setting, async ({ domain }, { status, ...page }: Paging & { status?: AccountStatus }) =>
      answerOf(await domain.accountListing.list({ status }, page)),
    ),
  );

const KINDS: Readonly<Record<string, Searched>> = {
  mobile: 'mobile',
  email: 'email',
  card: 'card_number',
  'national id': 'thai_id',
};

export const accountSearchCommand = (setting: Setting): Command =>
  paged(
    subcommand({
      name: 'search <text>',
      description:
        'finds accounts by the beginning of a name, or by mobile number, e-mail address, card number, national ID or external ID',
      example: 'account search สมช',
    }).addOption(
      new Option('--by <what>', 'what the text is; recognised when omitted, external IDs excepted').choices(
        SEARCHED,
      ),
    ),
  ).action(
    working(setting, async ({ domain }, text: string, { by, ...page }: Paging & { by?: Searched }) => {
      const kind = by ?? KINDS[parseIdentifier(text)?.kind ?? ''] ?? 'name';
      return answerOf(await domain.accountListing.search(kind, text, page));
    }),
  );
