import { expect } from 'chai';
import { approvals } from '../../../src/domain/approvals/approvals.ts';
import type { Channel } from '../../../src/domain/messages/message.ts';
import { newContacts } from '../../pages/account/visitor.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('the message about a request for approval', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  /** The channels that a message about a request was sent by to an owner with a verified address and mobile number. */
  async function sentBy(...available: Channel[]): Promise<string[]> {
    const { email, mobile } = newContacts();
    const { id } = await domain.lifecycle.create({
      contacts: [
        { kind: 'email', value: email, verified: true },
        { kind: 'mobile', value: mobile, verified: true },
      ],
    });
    const { requested } = approvals({
      ...domain,
      ...{ db: domain.database.knex, channels: new Set(available), issuer: domain.config.server.issuer },
      counters: { consume: () => Promise.reject(new Error('unused')) } as never,
      digest: () => Buffer.alloc(32),
      limits: { clientPerMinute: 1, personPerHour: 1 },
    });
    await requested(id, { clientId: 'till', client: 'Till', lifetimeSeconds: 60 });
    const rows = await domain.database.knex('outbox').where({ account_id: id }).select('channel');
    return rows.map(({ channel }) => channel);
  }

  it('is a mail, or an SMS without a mail server', async () => {
    expect(await sentBy('mail', 'sms')).to.deep.equal(['mail']);
    expect(await sentBy('mail')).to.deep.equal(['mail']);
    expect(await sentBy('sms')).to.deep.equal(['sms']);
  });
});
