import { expect } from 'chai';
import { AUDIT_EVENTS, type AuditEvent } from '../../../src/domain/audit/audit.ts';
import { webhookEventOf } from '../../../src/domain/audit/webhook-mapping.ts';
import { WEBHOOK_TYPES } from '../../../src/domain/webhook-events/webhook-type.ts';

describe('the audit events that webhooks receive', () => {
  const details: AuditEvent['details'][] = [
    {},
    { from: 'pending' },
    { from: 'suspended' },
    { from: 'active' },
    { removed: true },
  ];
  const typeOf = (event: AuditEvent['event'], more: AuditEvent['details'] = {}) =>
    webhookEventOf({ event, details: more })?.type;

  it('includes every type', () => {
    const types = AUDIT_EVENTS.flatMap((event) => details.map((one) => typeOf(event, one)));
    expect([...new Set(types)].filter((type) => type !== undefined)).to.have.members([...WEBHOOK_TYPES]);
  });

  it('tells an activation from the end of a suspension', () => {
    expect(typeOf('account.activated', { from: 'pending' })).to.equal('account.activated');
    expect(typeOf('account.activated', { from: 'suspended' })).to.equal('account.reactivated');
    expect(typeOf('account.activated', { from: 'active' })).to.equal(undefined);
  });

  it('names fields and never repeats other details', () => {
    const event = webhookEventOf({
      event: 'account.profile_changed',
      accountId: 7,
      clientId: 'shop',
      details: { fields: 'first_name locale', note: 'a reason of an operator' },
    });
    expect(event).to.deep.equal({
      type: 'account.updated',
      accountId: 7,
      clientId: 'shop',
      data: { fields: ['given_name', 'locale'] },
    });
    const consent = (more: AuditEvent['details']) =>
      webhookEventOf({ event: 'consent.withdrawn', accountId: 7, details: more })?.data;
    expect(consent({ purpose: 'marketing', version: '2', channel: 'pages' })).to.deep.equal({
      purpose: 'marketing',
      version: '2',
    });
    expect(consent({})).to.deep.equal({ purpose: null, version: null });
    const failed = webhookEventOf({
      event: 'sign_in.failed',
      reason: 'wrong_password',
      details: { method: 'password', network: 'a1b2' },
    });
    expect(failed?.data).to.deep.equal({ method: 'password', reason: 'wrong_password' });
  });
});
