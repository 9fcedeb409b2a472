import type { Command } from 'commander';
import { migrate } from '../../db/migrate.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

export const migrateCommand = (setting: Setting): Command =>
  subcommand({
    name: 'migrate',
    description:
      'migrates the database schema to the latest version; safe to run repeatedly and concurrently',
    example: 'migrate',
  }).action(
    working(
      setting,
      async ({ database }) => {
        const applied = await migrate(database);
        const text =
          applied.length > 0
            ? `applied: ${applied.join(', ')}`
            : 'The database schema is already up to date.';
        return { data: { applied }, text };
      },
      { bootstrapped: false },
    ),
  );
