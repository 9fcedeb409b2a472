import type { Provider } from 'oidc-provider';
import { equalSecrets } from '../../lib/constant-time.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { Records } from '../../storage/unit-of-work.ts';
import { runInUnit } from '../edge/unit.ts';

/** The data that one of Pratu's own pages receives for a code. */
export interface RedeemedCode {
  accountId: number;
  /** The account's generation when the code was read. */
  generation: number;
  authenticatedAt: Date;
  /** The authentication methods (RFC 8176). */
  amr: readonly string[];
}

export interface CodeRedemption {
  /**
   * Consumes a code, exactly once, under the rules of the token endpoint: client, redirect URI and PKCE (RFC 7636
   * §4.6). Undefined when the code is not valid for this client.
   */
  redeem(request: {
    code: string;
    clientId: string;
    redirectUri: string;
    verifier: string;
  }): Promise<RedeemedCode | undefined>;
}

interface Deps {
  provider: () => Provider;
  records: Records;
}

/** Redeems codes in this process, for pages that need the sign-in but no token. */
export const codeRedemption = ({ provider, records }: Deps): CodeRedemption => ({
  async redeem({ code: value, clientId, redirectUri, verifier }) {
    const work = records.unit();
    return runInUnit({ work, atTokenEndpoint: false }, async () => {
      const code = await provider().AuthorizationCode.find(value);
      if (!code?.isValid || code.clientId !== clientId || code.redirectUri !== redirectUri) return undefined;
      if (!equalSecrets(sha256(verifier).toString('base64url'), code.codeChallenge ?? '')) return undefined;
      const generation = work.generations.get(Number(code.accountId));
      if (generation === undefined || code.authTime === undefined) return undefined;
      await code.consume();
      if ((await work.commit()) !== 'done') return undefined;
      return {
        accountId: Number(code.accountId),
        generation,
        authenticatedAt: new Date(code.authTime * 1000),
        amr: code.amr ?? [],
      };
    });
  },
});
