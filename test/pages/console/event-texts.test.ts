import { expect } from 'chai';
import { AUDIT_EVENTS } from '../../../src/domain/audit/audit.ts';
import { LIMIT_NAMES, REASONS } from '../../../src/errors/reasons.ts';
import { readMessages, translator } from '../../../src/pages/kit/translations.ts';

const messages = readMessages();

describe('the words of the audit log', () => {
  for (const locale of ['en', 'th'] as const)
    it(`tell every event, reason and limit in ${locale}`, () => {
      const t = translator(messages[locale]);
      const keys = [
        ...AUDIT_EVENTS.map((event) => `console.event.${event}`),
        ...REASONS.map((reason) => `console.reason.${reason}`),
        ...LIMIT_NAMES.map((limit) => `console.limit.${limit}`),
      ];
      expect(keys.filter((key) => !t.has(key))).to.deep.equal([]);
    });

  it('exist for no unknown event, reason or limit', () => {
    const known = new Set<string>([
      ...AUDIT_EVENTS.map((event) => `event.${event}`),
      ...['times', 'between', 'one_network', 'networks', 'locked_until'].map((word) => `event.${word}`),
      // an event and its reason in one sentence
      ...REASONS.flatMap((reason) =>
        ['sign_in.failed', 'sign_in.refused'].map((event) => `event.${event}.${reason}`),
      ),
      ...REASONS.map((reason) => `reason.${reason}`),
      ...LIMIT_NAMES.map((limit) => `limit.${limit}`),
    ]);
    const keys = Object.keys(messages.en)
      .filter((key) => /^console\.(event|reason|limit)\./.test(key))
      .map((key) => key.slice('console.'.length));
    expect(keys.filter((key) => !known.has(key))).to.deep.equal([]);
  });
});
