import { describeExample } from './example.ts';
import { visitWebApp } from './web-app.ts';

describeExample('express-passport', {}, () => {
  it('signs in, shows the person and signs out', () => visitWebApp('express-passport'));
});
