import { describeExample } from './example.ts';
import { visitWebApp } from './web-app.ts';

describeExample('go-web', { tools: ['go'] }, () => {
  it('signs in, shows the person and signs out', () => visitWebApp('go-web'));
});
