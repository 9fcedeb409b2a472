import { expect } from 'chai';
import { eventually } from '../support/eventually.ts';
import { startProcess } from '../support/process.ts';
import { testServer } from '../support/server.ts';
import { encrypted, exchange, PARTNER } from './partner-client.ts';

describe('the log of a code exchange bound to a mobile number', () => {
  it('has the request id of the partner, and nothing that is secret', async () => {
    await testServer();
    const server = await startProcess();
    const mobileNumber = encrypted();
    await exchange(server.url, 'a-secret-code', { request_id: 'to be found', mobile_number: mobileNumber });
    await eventually(async () => {
      expect(server.output()).to.include('"clientRequestId":"to be found"');
    });
    for (const secret of ['a-secret-code', mobileNumber, PARTNER.secret]) {
      expect(server.output()).to.not.include(secret);
    }
    await server.end();
  });
});
