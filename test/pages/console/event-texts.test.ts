import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { AUDIT_EVENTS } from '../../../src/domain/audit/audit.ts';
import { readMessages, translator } from '../../../src/pages/kit/translations.ts';

const AUTHENTICATORS = new URL('../../../src/domain/authenticators/', import.meta.url);

/** The reasons that the code of the authentication methods writes to the audit log. */
const reasons = new Set(
  readdirSync(AUTHENTICATORS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => readFileSync(new URL(file, AUTHENTICATORS), 'utf8').split('\n'))
    .filter((line) => /^\s*reason: /.test(line))
    .flatMap((line) => [...line.matchAll(/'([a-z_]+)'/g)].map(([, reason = '']) => reason)),
);

const messages = readMessages();

describe('the words of the audit log', () => {
  for (const locale of ['en', 'th'] as const) {
    const t = translator(messages[locale]);

    it(`tell every event in ${locale}`, () => {
      for (const event of AUDIT_EVENTS) expect(t.has(`console.event.${event}`), event).to.equal(true);
    });

    it(`tell every reason of a refused sign-in in ${locale}`, () => {
      expect([...reasons]).to.include.members([
        'unknown_identifier',
        'no_password',
        'wrong_password',
        'wrong_code',
        'not_active',
        'locked',
      ]);
      for (const reason of reasons) {
        const keys = [
          `console.event.sign_in.failed.${reason}`,
          `console.event.sign_in.refused.${reason}`,
          `console.reason.${reason}`,
        ];
        expect(
          keys.some((key) => t.has(key)),
          reason,
        ).to.equal(true);
      }
    });
  }

  it('are of no event that there is not', () => {
    const known = new Set<string>([
      ...AUDIT_EVENTS,
      ...['times', 'between', 'one_network', 'networks', 'locked_until'],
      ...[...reasons].flatMap((reason) => [`sign_in.failed.${reason}`, `sign_in.refused.${reason}`]),
    ]);
    const keys = Object.keys(messages.en).filter((key) => key.startsWith('console.event.'));
    expect(keys.filter((key) => !known.has(key.slice('console.event.'.length)))).to.deep.equal([]);
  });
});
