import { expect } from 'chai';
import type { AuditEntry } from '../../../src/domain/audit/audit-search.ts';
import { groupEvents } from '../../../src/domain/audit/event-groups.ts';

const MINUTE_MS = 60_000;

/** An event the given number of minutes after two o'clock. */
const at = (minutes: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  id: minutes,
  at: new Date(Date.UTC(2026, 0, 2, 2, 0) + minutes * MINUTE_MS),
  event: 'sign_in.failed',
  accountId: 1,
  clientId: 'spa',
  actor: null,
  requestId: `request-${minutes}`,
  reason: 'wrong_password',
  details: {},
  ...more,
});

const newestFirst = (...entries: AuditEntry[]): AuditEntry[] =>
  entries.toSorted((one, other) => other.at.getTime() - one.at.getTime());

describe('the history of an account', () => {
  it('joins repetitions into one line with its first and last time', () => {
    const entries = newestFirst(...Array.from({ length: 10 }, (_, index) => at(10 + index / 2)));
    const [group, ...others] = groupEvents(entries);
    expect(others).to.deep.equal([]);
    expect(group).to.include({ count: 10, event: 'sign_in.failed', reason: 'wrong_password' });
    expect([group?.from.toISOString(), group?.until.toISOString()]).to.deep.equal([
      '2026-01-02T02:10:00.000Z',
      '2026-01-02T02:14:30.000Z',
    ]);
    expect(group?.requestId, 'of the newest').to.equal('request-14.5');
  });

  it('counts the networks that they came from', () => {
    const from = (minutes: number, network?: string) => at(minutes, { details: network ? { network } : {} });
    const networksOf = (...networks: (string | undefined)[]) =>
      groupEvents(newestFirst(...networks.map((network, index) => from(index, network))))[0]?.networks;
    expect(networksOf('a', 'a', 'a')).to.equal(1);
    expect(networksOf('a', 'b', 'a')).to.equal(2);
    expect(networksOf('a', undefined)).to.equal(1);
    expect(networksOf(undefined, undefined)).to.equal(0);
  });

  it('keeps apart what differs in event, reason, client or actor, and what is not one after the other', () => {
    const other: Partial<AuditEntry>[] = [
      { event: 'sign_in.refused' },
      { reason: 'not_active' },
      { reason: null },
      { clientId: 'client' },
      { actor: 'operator:7' },
    ];
    for (const one of other) {
      const groups = groupEvents(newestFirst(at(1), at(2, one), at(3)));
      expect(
        groups.map(({ count }) => count),
        JSON.stringify(one),
      ).to.deep.equal([1, 1, 1]);
    }
  });

  it('begins another line after a quarter of an hour without one', () => {
    expect(groupEvents(newestFirst(at(0), at(15)))).to.have.length(1);
    expect(groupEvents(newestFirst(at(0), at(15.1)))).to.have.length(2);
    // each event extends the group, no matter how long it lasts
    const hours = Array.from({ length: 20 }, (_, index) => at(index * 14));
    expect(groupEvents(newestFirst(...hours)).map(({ count }) => count)).to.deep.equal([20]);
  });

  it('is empty for no events, and a line for one', () => {
    expect(groupEvents([])).to.deep.equal([]);
    expect(groupEvents([at(3, { details: { method: 'password' } })])).to.deep.equal([
      {
        event: 'sign_in.failed',
        reason: 'wrong_password',
        count: 1,
        from: at(3).at,
        until: at(3).at,
        networks: 0,
        clientId: 'spa',
        actor: null,
        requestId: 'request-3',
        details: { method: 'password' },
      },
    ]);
  });
});
