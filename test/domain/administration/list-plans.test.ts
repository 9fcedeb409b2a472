import { expect } from 'chai';
import { type AuditFilter, auditListQuery } from '../../../src/domain/audit/audit-search.ts';
import { MESSAGE_STATES, messageListQuery } from '../../../src/domain/messages/queue.ts';
import { testDatabase } from '../../support/database.ts';
import { planNodes } from '../../support/plan.ts';

const FILTERS: AuditFilter[] = [
  {},
  { since: new Date(), until: new Date() },
  { accountId: 7 },
  { clientId: 'spa' },
  { actor: 'operator:7' },
  { event: 'sign_in.failed' },
  { event: 'sign_in.failed', since: new Date() },
];

describe('a page of a list for operators', () => {
  const positions = [undefined, ['2026-01-01', 7] as const];

  for (const state of [undefined, ...MESSAGE_STATES])
    it(`comes from an index in its order: messages, ${state ?? 'all'}`, async () => {
      const { knex } = await testDatabase();
      for (const position of [undefined, ['2026-01-01', '00000000-0000-4000-8000-000000000000'] as const]) {
        const { sql, bindings } = messageListQuery(knex, state, 51, position).toSQL();
        const nodes = await planNodes(knex, sql, bindings);
        expect(nodes, sql).to.match(/^Limit Index Scan( Backward)?$/);
      }
    });

  for (const filter of FILTERS)
    it(`comes from an index in its order: events with ${JSON.stringify(Object.keys(filter))}`, async () => {
      const { knex } = await testDatabase();
      for (const position of positions) {
        const { sql, bindings } = auditListQuery(knex, filter, 51, position).toSQL();
        // events with the same time are sorted among themselves
        expect(await planNodes(knex, sql, bindings), sql).to.match(/^Limit (Incremental Sort )?Index Scan/);
      }
    });
});
