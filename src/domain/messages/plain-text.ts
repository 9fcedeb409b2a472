import type { Fact } from './mail-facts.ts';
import type { MailView } from './mail-view.ts';

const listed = (facts: readonly Fact[]): string =>
  facts.map(([label, value]) => `${label}: ${value}`).join('\n');

/**
 * Returns the plain text of a mail: paragraphs separated by empty lines. The link is on a line of its own, and so is
 * every value that programs parse.
 */
export function plainText({ button, help, ...mail }: MailView): string {
  const paragraphs = [
    mail.title,
    mail.greeting,
    mail.text,
    listed(mail.facts),
    mail.code ? listed([mail.code]) : '',
    mail.advice,
    button ? `${button.label}:\n${button.link}` : '',
    listed(mail.lines),
    mail.note,
    ['--', ...mail.footer, ...(help ? [`${help.label}: ${help.link}`] : [])].join('\n'),
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}
