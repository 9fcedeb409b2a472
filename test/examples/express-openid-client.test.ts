import { describeExample } from './example.ts';
import { visitWebApp } from './web-app.ts';

describeExample('express-openid-client', {}, () => {
  it('signs in, shows the person and signs out', () => visitWebApp('express-openid-client'));
});
