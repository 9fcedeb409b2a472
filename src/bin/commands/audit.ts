import { setTimeout as pause } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { AuditFilter } from '../../domain/audit/audit-search.ts';
import { accountNamed } from '../kit/account-named.ts';
import type { CommandContext } from '../kit/command-context.ts';
import { pageSize } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';
import { shownEvent, timeline } from '../kit/timeline.ts';

const FOLLOW_MS = 1000;
const PORTION = 200;

interface Options {
  account?: string;
  client?: string;
  actor?: string;
  event?: string;
  request?: string;
  since?: Date;
  until?: Date;
  limit: number;
  follow?: boolean;
  json?: boolean;
}

function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(text))
    throw new InvalidArgumentError('Expected a time such as 2026-01-31 or 2026-01-31T02:10:00Z.');
  return date;
}

async function filterOf(place: CommandContext, options: Options): Promise<AuditFilter> {
  const { account, client, actor, event, request, since, until } = options;
  return {
    accountId: account === undefined ? undefined : (await accountNamed(place, account)).id,
    clientId: client,
    actor,
    event,
    requestId: request,
    since,
    until,
  };
}

/** Prints new events as they come, until the process is stopped; with `json` one document a line. */
async function follow(
  { domain, terminal }: CommandContext,
  filter: AuditFilter,
  json: boolean,
): Promise<never> {
  let last = (await domain.auditSearch.page({}, { limit: 1 })).data[0]?.id ?? 0;
  for (;;) {
    const entries = await domain.auditSearch.following(filter, last, PORTION);
    for (const entry of entries) {
      last = entry.id;
      const [, line = ''] = timeline([entry]).split('\n');
      terminal.out(`${json ? JSON.stringify(shownEvent(entry)) : line}\n`);
    }
    if (entries.length < PORTION) await pause(FOLLOW_MS);
  }
}

/** `pratu audit`. */
export const auditCommand = (setting: Setting): Command =>
  subcommand({
    name: 'audit',
    description: 'shows the audit trail, newest first',
    example: 'audit --account 0812345678 --since 2026-01-31',
  })
    .option(
      '--account <account>',
      'events of an account: its ID, mobile number, e-mail address or card number',
    )
    .option('--client <id>', 'events of a client')
    .option(
      '--actor <actor>',
      'who did it: operator:<account id>, client:<id>, command:<user>, account:<id>, system',
    )
    .option('--event <name>', 'an event such as sign_in.failed')
    .option('--request <id>', 'events of a request')
    .option('--since <time>', 'events from this time on (ISO 8601)', time)
    .option('--until <time>', 'events before this time (ISO 8601)', time)
    .option('--limit <number>', 'how many events at most', pageSize, 50)
    .option('--follow', 'waits for new events and prints each; with --json one JSON document a line')
    .action(
      working(setting, async (place, options: Options) => {
        const filter = await filterOf(place, options);
        if (options.follow) return follow(place, filter, options.json === true);
        const { data } = await place.domain.auditSearch.page(filter, { limit: options.limit });
        return { data: data.map(shownEvent), text: timeline(data) };
      }),
    );
