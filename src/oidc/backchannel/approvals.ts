import { type BackchannelAuthenticationRequest, errors, type Provider } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import type { Change } from '../../db/one-statement.ts';
import type { Approvals as Asked, WaitingRow } from '../../domain/approvals/approvals.ts';
import type { Consent, Consents } from '../../domain/consents/consents.ts';
import type { PingMessage } from '../../domain/messages/message.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { recordId } from '../../storage/record.ts';
import type { Records } from '../../storage/unit-of-work.ts';
import { type DetailText, type DetailTypes, detailsIn } from '../authorization-details/detail-types.ts';
import { type ShownClient, shownClient } from '../edge/pages.ts';
import { runInUnit } from '../edge/unit.ts';
import { extendGrant } from '../scopes/existing-grant.ts';
import { KNOWN_SCOPES, scopesOf } from '../scopes/scopes.ts';
import { openPing } from './ping.ts';

/** A request that waits for the decision of the account's owner. */
export interface Approval extends Consent {
  id: string;
  client: ShownClient;
  bindingMessage: string | undefined;
  details: readonly DetailText[];
  requestedAt: Date;
  expiresAt: Date;
  /** The client's requirements for the sign-in: one of these authentication contexts, and a maximum age in seconds. */
  acrValues: readonly string[];
  maxAge: number | undefined;
}

/** The session in which a decision is made. */
export interface AnsweringSession {
  accountId: number;
  acr: string | undefined;
  amr: readonly string[];
  /** Epoch seconds. */
  signedInAt: number;
  requestId?: string | undefined;
}

/** The decisions on backchannel requests of clients (OpenID Connect CIBA Core). */
export interface BackchannelApprovals {
  /** Returns the waiting requests of an account, newest first. */
  list(accountId: number): Promise<Approval[]>;
  /**
   * Records the only decision on a request. Returns false when it has been decided, has expired or belongs to another
   * account.
   */
  answer(id: string, approved: boolean, session: AnsweringSession): Promise<boolean>;
}

interface Deps {
  provider: () => Provider;
  records: Records;
  approvals: Pick<Asked, 'waiting' | 'answeredParts'>;
  consents: Pick<Consents, 'grantParts'>;
  keyring: Pick<Keyring, 'openText'>;
  resources: Config['resources'];
  detailTypes: Pick<DetailTypes, 'textsOf'>;
  pingPart: (message: PingMessage) => Change;
}

type Stored = Pick<WaitingRow['payload'], 'scope' | 'resource' | 'claims' | 'params'>;

/** Longer than the lifetime of any request. */
const ANSWERED_SECONDS = 86_400;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Returns the scopes, claims and resources that a request asks for. */
function askedIn({ scope, resource, claims = {} }: Stored, resources: Config['resources']): Consent {
  const scopes = scopesOf(scope);
  const wanted = [resource ?? []].flat();
  return {
    scopes: scopes.filter((one) => KNOWN_SCOPES.has(one)),
    claims: [...new Set(Object.values(claims).flatMap((members) => Object.keys(members ?? {})))],
    resources: Object.fromEntries(
      resources
        .filter(({ identifier }) => wanted.includes(identifier))
        .map((server) => [server.identifier, scopes.filter((one) => server.scopes.includes(one))]),
    ),
  };
}

export function backchannelApprovals(deps: Deps): BackchannelApprovals {
  const { provider, records, approvals, consents, keyring, resources } = deps;

  async function shown({ id, clientId, payload }: WaitingRow): Promise<Approval[]> {
    const client = await provider().Client.find(clientId);
    if (!client) return [];
    const { params = {} } = payload;
    const maxAge = text(params.max_age);
    return [
      {
        id,
        client: shownClient(client),
        bindingMessage: text(params.binding_message),
        details: deps.detailTypes.textsOf(params.authorization_details),
        requestedAt: new Date(payload.iat * 1000),
        expiresAt: new Date(payload.exp * 1000),
        acrValues: scopesOf(text(params.acr_values)),
        maxAge: maxAge === undefined ? undefined : Number(maxAge),
        ...askedIn(payload, resources),
      },
    ];
  }

  async function grantFor(request: BackchannelAuthenticationRequest, asked: Consent) {
    const { Grant } = provider();
    const grant = new Grant({ clientId: String(request.clientId), accountId: String(request.accountId) });
    extendGrant(grant, asked);
    await grant.save();
    return grant;
  }

  /** Returns the statement that queues the ping to the client, which is sent once the decision is committed. */
  function pingParts(request: BackchannelAuthenticationRequest): Change[] {
    const { clientId = '', accountId } = request;
    const told = openPing(keyring, (request as Stored).params?.ping);
    if (!told) return [];
    const message = {
      ...({ channel: 'ping', kind: 'ping', clientId, accountId: Number(accountId), ...told } as const),
      lifetimeSeconds: Math.max(1, request.remainingTTL),
    };
    return [deps.pingPart(message)];
  }

  /** Returns the request with this record id if it still waits for this account. */
  async function find(id: string, accountId: number) {
    const found = await provider().BackchannelAuthenticationRequest.find(`~${id}`);
    const isOpen = found?.isValid && found.grantId === undefined && found.error === undefined;
    return isOpen && found.accountId === String(accountId) ? found : undefined;
  }

  return {
    async list(accountId) {
      return (await Promise.all((await approvals.waiting(accountId)).map(shown))).flat();
    },
    async answer(id, approved, { accountId, acr, amr, signedInAt, requestId }) {
      const work = records.unit();
      const isOpen = await runInUnit({ work, atTokenEndpoint: false }, async () => {
        const open = /^[\da-f]{32}$/.test(id) ? await find(id, accountId) : undefined;
        if (!open) return false;
        // of two simultaneous decisions, the second finds this row and writes nothing
        work.insertOnce({
          id: recordId('BackchannelAnswer', id),
          kind: 'BackchannelAnswer',
          payload: '{}',
          accountId,
          clientId: open.clientId,
          lifetime: ANSWERED_SECONDS,
        });
        const asked = askedIn(open as Stored, resources);
        const result = approved
          ? await grantFor(open, asked)
          : new errors.AccessDenied('the End-User denied the request');
        await provider().backchannelResult(open, result, {
          acr,
          amr: [...amr],
          authTime: signedInAt,
          rar: detailsIn((open as Stored).params?.authorization_details),
        });
        const clientId = String(open.clientId);
        const client = await provider().Client.find(clientId);
        work.put('approval', ...approvals.answeredParts(accountId, clientId, approved, requestId));
        if (approved && client?.first_party !== true)
          work.put('consent', ...consents.grantParts(accountId, clientId, asked));
        work.put('ping', ...pingParts(open));
        return true;
      });
      return isOpen && (await work.commit()) === 'done';
    },
  };
}
