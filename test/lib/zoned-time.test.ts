import { expect } from 'chai';
import { zonedTime } from '../../src/lib/zoned-time.ts';

describe('a time that was typed in a time zone', () => {
  const iso = (zone: string, typed: string): string | undefined => zonedTime(zone)(typed)?.toISOString();

  it('is read as of that zone, with seconds or without, or as the beginning of a day', () => {
    expect(iso('Asia/Bangkok', '2026-01-02T03:04')).to.equal('2026-01-01T20:04:00.000Z');
    expect(iso('Asia/Bangkok', '2026-01-02T03:04:05')).to.equal('2026-01-01T20:04:00.000Z');
    expect(iso('Asia/Bangkok', '2026-01-02')).to.equal('2026-01-01T17:00:00.000Z');
    expect(iso('UTC', '2026-12-31T23:59')).to.equal('2026-12-31T23:59:00.000Z');
    expect(iso('America/St_Johns', '2026-01-02T00:00')).to.equal('2026-01-02T03:30:00.000Z');
    expect(iso('Pacific/Kiritimati', '2026-01-01T00:00')).to.equal('2025-12-31T10:00:00.000Z');
  });

  it('follows summer time, also around the hours of a change', () => {
    expect(iso('Europe/Berlin', '2026-01-15T12:00')).to.equal('2026-01-15T11:00:00.000Z');
    expect(iso('Europe/Berlin', '2026-07-15T12:00')).to.equal('2026-07-15T10:00:00.000Z');
    expect(iso('Europe/Berlin', '2026-03-29T01:59')).to.equal('2026-03-29T00:59:00.000Z');
    expect(iso('Europe/Berlin', '2026-03-29T03:00')).to.equal('2026-03-29T01:00:00.000Z');
    expect(iso('Europe/Berlin', '2026-10-25T01:59')).to.equal('2026-10-24T23:59:00.000Z');
    expect(iso('Europe/Berlin', '2026-10-25T03:00')).to.equal('2026-10-25T02:00:00.000Z');
    // this time exists twice on that day: one of the two
    expect(iso('Europe/Berlin', '2026-10-25T02:30')).to.be.oneOf([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
    // this time does not exist on that day
    expect(iso('Europe/Berlin', '2026-03-29T02:30')).to.match(/^2026-03-29T0[01]:30/);
  });

  it('is none when it is anything else', () => {
    for (const typed of [
      '',
      'nonsense',
      '2026-01-02 03:04',
      '2026-01-02T03:04Z',
      '2026-01-02T03',
      '26-01-02',
      '2026-1-2',
      '๒๕๖๙-๐๑-๐๒',
    ])
      expect(iso('Asia/Bangkok', typed), typed).to.equal(undefined);
  });

  it('is none for a day or a time of day that does not exist', () => {
    for (const typed of [
      '2026-02-30',
      '2026-13-01',
      '2026-00-10',
      '2026-01-32',
      '2026-01-02T24:00',
      '2026-01-02T10:60',
    ])
      expect(iso('Asia/Bangkok', typed), typed).to.equal(undefined);
    expect(iso('Asia/Bangkok', '2028-02-29')).to.equal('2028-02-28T17:00:00.000Z');
  });
});
