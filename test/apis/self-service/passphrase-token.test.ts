import { expect } from 'chai';
import { jwtVerify } from 'jose';
import { passphraseToken } from '../../../src/apis/self-service/passphrase-token.ts';

describe('the token that shows a pass phrase', () => {
  it('is byte for byte what clients know', () => {
    expect(passphraseToken('Y6ZuXXsf0ojfeU', '8KY0CX0LAR')).to.equal(
      'eyJhbGciOiJIUzI1NiJ9.eyJwYXNzcGhyYXNlIjoiWTZadVhYc2Ywb2pmZVUifQ.ilHChoIUmt-UufO3u9ItFnOj6YpCe_5lSlabzYitRt4',
    );
  });

  it('is verified with the code, and with no other', async () => {
    const token = passphraseToken('Correct7Horse7Battery', 'A1B2C3D4E5');
    const key = (code: string) => new TextEncoder().encode(code);
    const { payload, protectedHeader } = await jwtVerify(token, key('A1B2C3D4E5'));
    expect(protectedHeader).to.deep.equal({ alg: 'HS256' });
    expect(payload).to.deep.equal({ passphrase: 'Correct7Horse7Battery' });
    const refused = await jwtVerify(token, key('A1B2C3D4E6')).catch((error: { code: string }) => error.code);
    expect(refused).to.equal('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  });
});
