import type { Knex } from 'knex';

interface Plan {
  'Node Type': string;
  Plans?: Plan[];
}

const nodesOf = (plan: Plan): string[] => [plan['Node Type'], ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Returns the node types of the plan that PostgreSQL would choose for a statement on large tables. */
export async function planNodes(
  knex: Knex,
  sql: string,
  values: object | readonly unknown[],
): Promise<string> {
  return knex.transaction(async (tx) => {
    for (const way of ['seqscan', 'bitmapscan', 'sort']) await tx.raw(`set local enable_${way} = off`);
    const { rows } = await tx.raw(`explain (format json) ${sql}`, values as never);
    const [plan] = (rows[0] as { 'QUERY PLAN': { Plan: Plan }[] })['QUERY PLAN'];
    if (!plan) throw new Error('no plan');
    return nodesOf(plan.Plan).join(' ');
  });
}
