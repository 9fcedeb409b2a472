import type { Command } from 'commander';
import type { Check } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { printable } from '../kit/answer.ts';
import { type Setting, show, subcommand } from '../kit/subcommand.ts';

const lineOf = ({ status, name, message, mend }: Check): string =>
  `${status.padEnd(4)}  ${name}: ${printable(message)}${mend ? `\n      → ${mend}` : ''}`;

export const doctorCommand = (setting: Setting): Command =>
  subcommand({
    name: 'doctor',
    description:
      'checks the settings, the database, the issuer and its proxy, and names the remedy for each problem',
    example: 'doctor --json',
  })
    .addHelpText('after', '\nSends HTTP requests to the issuer only. Exits with code 1 when a check fails.')
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await examine(setting.env, setting.terminal);
      const failed = checks.some(({ status }) => status === 'fail');
      show(
        setting,
        { data: { healthy: !failed, checks }, text: checks.map(lineOf).join('\n'), failed },
        json,
      );
    });
