import { NAMING } from '../src/apis/customers/errors.ts';
import { KINDS, MEMBER_NUMBERS } from '../src/apis/customers/violation-codes.ts';

/** `docs/violations.md`: what the violations of the Customers API are called, and in which words they are told. */
export function violationsPage(): string {
  const kinds = Object.entries(KINDS).map(([kind, { en, th }]) => `| \`${kind}\` | ${en} | ${th} |`);
  const members = Object.entries(MEMBER_NUMBERS).map(
    ([member, number]) => `| \`${number}\` | \`${member}\` |`,
  );
  const prefixes = [...new Set(Object.values(NAMING).map(({ prefix }) => `\`${prefix}\``))];
  return `# Violations

What the Customers API calls a member that is wrong. Made by \`npm run docs\` from \`src/apis/customers/violation-codes.ts\`;
do not edit. Apps compare these codes: none is ever changed or used again.

A code is a kind, a dash and the number of the member: \`SIZ-10070\` is a mobile without 10 digits. \`field\` is the operation, a
dot and the member: \`register.mobile\`. Operations: ${prefixes.join(', ')}.

| kind | English | Thai |
|---|---|---|
${kinds.join('\n')}

| number | member |
|---|---|
${members.join('\n')}

Where the reason is known more exactly (a password, a mobile, an image), the message is that of the [error](errors.md).
`;
}
