import { describeExample } from './example.ts';
import { visitWebApp } from './web-app.ts';

describeExample('nextjs-authjs', { tools: ['openssl'] }, () => {
  it('signs in, shows the person and signs out', () =>
    visitWebApp('nextjs-authjs', { NEXT_TELEMETRY_DISABLED: '1' }));
});
