import { expect } from 'chai';
import { removalOf, SWEPT_TABLES } from '../../../src/domain/sweeping/sweep-store.ts';
import { testDatabase } from '../../support/database.ts';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('what the sweep removes', () => {
  for (const table of SWEPT_TABLES) {
    it(`is found by an index: ${table}`, async () => {
      const { knex } = await testDatabase();
      const plan = await knex.transaction(async (tx) => {
        // the plan for a large table: a full scan is used only where there is no alternative
        for (const way of ['seqscan', 'hashjoin', 'mergejoin']) await tx.raw(`set local enable_${way} = off`);
        const { rows } = await tx.raw(`explain (format json) ${removalOf(table)}`, {
          size: 500,
          auditDays: 400,
        });
        return (rows[0] as { 'QUERY PLAN': { Plan: Plan }[] })['QUERY PLAN'][0]?.Plan as Plan;
      });
      const readers = nodesOf(plan).filter(
        (node) => node['Node Type'].includes('Scan') && (node['Relation Name'] ?? node['Index Name']),
      );
      expect(readers.length).to.be.at.least(2);
      for (const node of readers) {
        // the index scan below it has the condition
        if (node['Node Type'] === 'Bitmap Heap Scan') continue;
        expect(node['Node Type'], table).to.match(/^(Bitmap )?Index/);
        expect(node['Index Cond'], JSON.stringify(node)).to.be.a('string');
      }
    });
  }
});
