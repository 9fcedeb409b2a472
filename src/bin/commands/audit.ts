import { setTimeout as pause } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { databaseSentence } from '../../db/explain.ts';
import { translateFailure } from '../../db/failures.ts';
import type { AuditEntry, AuditFilter } from '../../domain/audit/audit-search.ts';
import { AppError } from '../../errors/app-error.ts';
import { accountNamed } from '../kit/account-named.ts';
import type { Answer } from '../kit/answer.ts';
import type { CommandContext } from '../kit/command-context.ts';
import { usage } from '../kit/failure.ts';
import { pageSize } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';
import { shownEvent, timeline } from '../kit/timeline.ts';

const FOLLOW_MS = 1000;
const PORTION = 200;
const FOLLOW_HELP = `
With --follow, --since first prints the events from that time on. The IDs of events are in the output of --json: to go
on without a gap, start again with --after and the last one.`;

interface Options {
  account?: string;
  client?: string;
  actor?: string;
  event?: string;
  request?: string;
  since?: Date;
  until?: Date;
  limit: number;
  after?: number;
  follow?: boolean;
  json?: boolean;
}

function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(text))
    throw new InvalidArgumentError('Expected a time such as 2026-01-31 or 2026-01-31T02:10:00Z.');
  return date;
}

function eventId(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected the ID of an event.');
  return Number(text);
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

/** Yields new events in order until the signal is aborted. Keeps retrying while the database is unavailable. */
async function* events(
  { domain, terminal }: CommandContext,
  filter: AuditFilter,
  afterId: number,
  signal: AbortSignal,
): AsyncGenerator<AuditEntry> {
  let last = afterId;
  let isDown = false;
  while (!signal.aborted) {
    const entries = await domain.auditSearch.following(filter, last, PORTION).catch((error: unknown) => {
      const failure = translateFailure(error);
      if (!(failure instanceof AppError && failure.code === 'UNAVAILABLE')) throw error;
      if (!isDown) terminal.err(`pratu: ${databaseSentence(failure)} Waiting for it.\n`);
      isDown = true;
      return undefined;
    });
    if (entries) isDown = false;
    for (const entry of entries ?? []) {
      if (signal.aborted) return;
      yield entry;
      last = entry.id;
    }
    // the signal ends the pause early
    if ((entries?.length ?? 0) < PORTION) await pause(FOLLOW_MS, undefined, { signal }).catch(() => {});
  }
}

/** Prints new events as they arrive, until the process is stopped. With `json`, prints one document per line. */
async function follow(
  place: CommandContext,
  filter: AuditFilter,
  { json, after, since }: Options,
): Promise<Answer> {
  const { domain, terminal } = place;
  const signal = terminal.interruption();
  const begin = after ?? (await domain.auditSearch.lastId(since));
  terminal.err('Waiting for events. Ctrl+C ends.\n');
  for await (const entry of events(place, filter, begin, signal)) {
    const [, line = ''] = timeline([entry]).split('\n');
    await terminal.stream(`${json ? JSON.stringify(shownEvent(entry)) : line}\n`);
  }
  return { data: null, text: '', written: true };
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
    .option('--after <id>', 'with --follow: begins after the event with this id, to resume', eventId)
    .addHelpText('after', FOLLOW_HELP)
    .action(
      working(setting, async (place, options: Options) => {
        const filter = await filterOf(place, options);
        if (options.follow && options.until)
          throw usage('--follow does not end: do not combine it with --until.');
        if (options.follow) return follow(place, filter, options);
        if (options.after !== undefined) throw usage('--after needs --follow.');
        const { data } = await place.domain.auditSearch.page(filter, { limit: options.limit });
        return { data: data.map(shownEvent), text: timeline(data) };
      }),
    );
