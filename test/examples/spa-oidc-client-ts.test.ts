import { describeExample } from './example.ts';
import { visitWebApp } from './web-app.ts';

describeExample('spa-oidc-client-ts', {}, () => {
  it('signs in, shows the person and signs out', () => visitWebApp('spa-oidc-client-ts'));
});
