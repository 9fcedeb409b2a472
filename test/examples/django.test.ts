import { describeExample } from './example.ts';
import { visitWebApp } from './web-app.ts';

describeExample('django', { tools: ['python3 -m ensurepip --version'] }, () => {
  it('signs in, shows the person and signs out', () => visitWebApp('django'));
});
