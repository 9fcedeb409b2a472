import type { Command } from 'commander';
import { migrate } from '../../db/migrate.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

export const migrateCommand = (setting: Setting): Command =>
  subcommand({
    name: 'migrate',
    description: 'brings the database schema up to date; safe to run twice and by several processes at once',
    example: 'migrate',
  }).action(
    working(
      setting,
      async ({ database }) => {
        const applied = await migrate(database);
        const text =
          applied.length > 0 ? `applied: ${applied.join(', ')}` : 'The database is up to date already.';
        return { data: { applied }, text };
      },
      { prepared: false },
    ),
  );
