import { expect } from 'chai';
import { commandJson, runCommand } from '../support/command.ts';
import { testConfig } from '../support/config.ts';
import { testDatabase } from '../support/database.ts';
import { readyDomain } from '../support/domain.ts';

describe('pratu account roles', () => {
  it('shows roles that are configured no longer, removes them, and adds no unknown one', async () => {
    const [config, database] = await Promise.all([testConfig(), testDatabase()]);
    const { lifecycle } = await readyDomain({ config, database });
    const { id } = await lifecycle.create({});
    await database.knex('account_roles').insert({ account_id: id, role: 'gone' });
    const shown = { id, roles: [], unconfigured: ['gone'], configured: [] };
    expect(await commandJson(['account', 'roles', String(id)])).to.deep.equal(shown);
    const { code, stderr } = await runCommand(['account', 'roles', String(id), '--add', 'editor']);
    expect(code).to.not.equal(0);
    expect(stderr).to.include('not in the setting roles');
    expect(await commandJson(['account', 'roles', String(id), '--remove', 'gone'])).to.deep.equal({
      ...shown,
      unconfigured: [],
    });
  });
});
