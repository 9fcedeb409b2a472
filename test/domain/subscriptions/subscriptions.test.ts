import { expect } from 'chai';
import type { Subscription } from '../../../src/domain/subscriptions/subscription.ts';
import { subscriptions } from '../../../src/domain/subscriptions/subscriptions.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('subscriptions', () => {
  let domain: EmptyDomain;
  let accountId: number;

  before(async () => {
    domain = await emptyDomain();
    accountId = (await domain.lifecycle.create({})).id;
  });
  after(() => domain.leave());

  const NEWS: Subscription = { topic: 'news', channel: null };
  const BY_SMS: Subscription = { topic: 'news', channel: 'sms' };
  const OFFERS: Subscription = { topic: 'offers', channel: 'mail' };

  const of = (topics: string[]) => subscriptions({ db: domain.database.knex, topics });
  const replace = (list: Subscription[]): Promise<void> =>
    domain.database.knex.transaction((tx) => of(['news', 'offers']).replace(tx, accountId, list));

  it('are a list without repetition, which is replaced as a whole', async () => {
    await replace([NEWS, BY_SMS, NEWS, OFFERS, BY_SMS]);
    expect(await of(['news', 'offers']).list(accountId)).to.deep.equal([NEWS, BY_SMS, OFFERS]);
    await replace([OFFERS]);
    expect(await of(['news', 'offers']).list(accountId)).to.deep.equal([OFFERS]);
    await replace([]);
    expect(await of(['news', 'offers']).list(accountId)).to.deep.equal([]);
  });

  it('of a topic that was given up are not listed', async () => {
    await replace([NEWS, OFFERS]);
    expect(await of(['news']).list(accountId)).to.deep.equal([NEWS]);
  });
});
