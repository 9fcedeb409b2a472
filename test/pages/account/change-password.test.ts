import { expect } from 'chai';
import { checkAnswer } from '../../support/openapi.ts';
import { testServer } from '../../support/server.ts';

describe('the well-known address of password managers', () => {
  it('leads to the page that changes the password, and no other well-known address exists by accident', async () => {
    const { url } = await testServer();
    const answer = await fetch(`${url}/.well-known/change-password`, { redirect: 'manual' });
    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.equal('/account/password');
    checkAnswer('changePasswordUrl', answer.status, answer.headers, '');
    // a password manager requests this URL to detect whether the server responds to everything with 200
    const probe = await fetch(
      `${url}/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200`,
    );
    expect(probe.status).to.equal(404);
  });
});
