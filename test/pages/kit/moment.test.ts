import { expect } from 'chai';
import { momentWriter } from '../../../src/pages/page-data/moment.ts';

describe('a time on a page', () => {
  const written = momentWriter('Asia/Bangkok');
  const time = new Date('2026-01-02T03:04:05Z');

  it('has its day and minute in the time zone of the deployment, in both calendars', () => {
    expect(written(time)).to.deep.equal({
      iso: '2026-01-02T03:04:05.000Z',
      text: { en: '2 Jan 2026, 10:04', th: '2 ม.ค. 2569 10:04' },
    });
  });

  it('leaves out the day that an adjacent time shows already', () => {
    expect(written(time, new Date('2026-01-01T17:00:00Z')).text).to.deep.equal({ en: '10:04', th: '10:04' });
    // the same day in UTC, and another one in the time zone
    expect(written(time, new Date('2026-01-02T17:00:00Z')).text.en).to.equal('2 Jan 2026, 10:04');
    expect(written(time, new Date('2025-01-02T03:04:05Z')).text.en).to.equal('2 Jan 2026, 10:04');
  });
});
