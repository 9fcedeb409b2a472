import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import type { LastingDigest } from '../../domain/secrets/lasting-digest.ts';
import { YEAR_SECONDS } from '../../lib/durations.ts';
import { isLive, type NewRecord, recordId, type StoredRecord } from '../../storage/record.ts';
import type { Records, UnitOfWork } from '../../storage/unit-of-work.ts';
import { provedAccount } from '../edge/held-sign-in.ts';
import { NOBODY } from '../edge/nobody.ts';
import { currentUnit, type RequestUnit } from '../edge/unit.ts';

export interface RecordAdapterDeps {
  records: Records;
  digest: LastingDigest;
  tokens: Config['tokens'];
}

/** The kinds that belong to a grant and end with it; others only refer to one. */
const OF_A_GRANT = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode']);
/** The kinds that are exchanged for tokens once. */
const CODES = new Set(['AuthorizationCode', 'DeviceCode']);
/** The kinds that are issued for a code. */
const TOKENS = new Set(['AccessToken', 'RefreshToken']);
/** Seconds that a row outlives its record, so that a reused code is still recognised at its end. */
const MARGIN = 60;
/**
 * The margin of a proof that was used: it may be dated this far ahead, and is valid that much longer (RFC 9449 §11.1).
 */
const PROOF_MARGIN = MARGIN + 300;
/** The lifetime of records without an expiry: initial access tokens and registration access tokens. */
const UNLIMITED = 10 * YEAR_SECONDS;

/**
 * The mark of a row id in place of a value. The value of a device code found by its user code is not available, nor is
 * that of a request that its owner decides. No value starts with this character.
 */
const ROW = '~';
const BY_ROW = new Set(['DeviceCode', 'BackchannelAuthenticationRequest']);
/**
 * The client has authenticated at each poll of such a request: a poll concurrent with the decision is not a theft that
 * should revoke the tokens.
 */
const GONE_WHEN_USED = 'BackchannelAuthenticationRequest';
const idOf = (kind: string, value: string): string =>
  value.startsWith(ROW) ? value.slice(ROW.length) : recordId(kind, value);

/** Stores everything but clients and sessions, with the request's unit of work. */
export function recordAdapter(kind: string, { records, digest, tokens }: RecordAdapterDeps): Adapter {
  const userCodeDigest = (code: string): string => digest('user code', code).toString('base64');

  /**
   * Writes into the request's unit, or into a separate one that is committed immediately (commands, background work).
   */
  async function writing(write: (work: UnitOfWork) => void): Promise<void> {
    const unit = currentUnit();
    if (unit) return write(unit.work);
    const work = records.unit();
    write(work);
    await work.commit();
  }

  function newRecord(value: string, payload: AdapterPayload, expiresIn: number | undefined): NewRecord {
    const { jti: _value, userCode, ...rest } = payload;
    const session = payload.session as { accountId?: string } | undefined;
    // a sign-in in progress ends with any event that ends the sessions of its authenticated account
    const account = provedAccount(payload.result) ?? payload.accountId ?? session?.accountId;
    const accountId = account === undefined || account === NOBODY ? undefined : Number(account);
    const grantId = payload.grantId && OF_A_GRANT.has(kind) ? recordId('Grant', payload.grantId) : undefined;
    return {
      id: idOf(kind, value),
      kind,
      payload: JSON.stringify(rest),
      grantId,
      codeId: TOKENS.has(kind) && grantId ? currentUnit()?.codes?.get(grantId) : undefined,
      accountId,
      generation: accountId === undefined ? undefined : currentUnit()?.work.generations.get(accountId),
      clientId: payload.clientId,
      sessionUid: payload.sessionUid,
      userCode: userCode === undefined ? undefined : userCodeDigest(userCode),
      lifetime: (expiresIn ?? UNLIMITED) + (kind === 'ReplayDetection' ? PROOF_MARGIN : MARGIN),
    };
  }

  /** Records the code that a token comes from: the tokens issued for it belong to the same code. */
  function noteCode(unit: RequestUnit, { id, grantId, codeId, consumed }: StoredRecord): void {
    const code = CODES.has(kind) ? id : codeId;
    if (code === null || grantId === null) return;
    unit.codes ??= new Map();
    unit.codes.set(grantId, code);
    if (CODES.has(kind) && consumed !== null) unit.reusedCode = id;
  }

  function stored(id: string): Promise<StoredRecord | undefined> {
    const unit = currentUnit();
    if (!unit) return records.find(id);
    return unit.atTokenEndpoint && CODES.has(kind) ? unit.work.readSettled(id) : unit.work.read(id);
  }

  async function find(value: string): Promise<AdapterPayload | undefined> {
    const unit = currentUnit();
    if (value.startsWith(ROW) && (!BY_ROW.has(kind) || unit?.atTokenEndpoint)) return undefined;
    const id = idOf(kind, value);
    const pending = unit?.work.pending(id);
    if (pending) return { ...JSON.parse(pending.payload), jti: value };
    const record = await stored(id);
    if (!record || !isLive(record)) return undefined;
    if (unit && kind === 'ReplayDetection') unit.proofRepeated = true;
    if (unit?.atTokenEndpoint) noteCode(unit, record);
    const payload: AdapterPayload = { ...record.payload, jti: value };
    if (record.consumed === null) return payload;
    if (kind === GONE_WHEN_USED) return undefined;
    const repeats =
      kind === 'RefreshToken' &&
      unit?.atTokenEndpoint &&
      record.answer !== null &&
      record.successorUnused &&
      (record.consumedAge ?? Number.POSITIVE_INFINITY) <= tokens.refreshRepeat;
    // the library sees an unused token and checks the client and the rest; `rotateRefreshToken` then repeats the
    // response
    if (repeats && unit) unit.repeatable = { value, record };
    else payload.consumed = Math.floor(record.consumed);
    return payload;
  }

  return {
    find,
    async upsert(value, payload, expiresIn) {
      await writing((work) => {
        const record = newRecord(value, payload, expiresIn);
        // the record of a proof is insert-only: of two requests with it, the second is refused
        if (kind === 'ReplayDetection') work.insertOnce(record);
        else work.insert(record);
      });
    },
    async consume(value) {
      await currentUnit()?.beforeClaim?.();
      await writing((work) => work.claim({ id: idOf(kind, value) }));
    },
    async destroy(value) {
      await writing((work) => work.remove(idOf(kind, value)));
    },
    async revokeByGrantId(grantId) {
      const code = currentUnit()?.reusedCode;
      await writing((work) => work.revoke(recordId('Grant', grantId), code));
    },
    async findByUserCode(userCode) {
      const record = await records.findByUserCode(userCodeDigest(userCode));
      if (!record || !isLive(record)) return undefined;
      return {
        ...record.payload,
        userCode,
        jti: `${ROW}${record.id}`,
        ...(record.consumed === null ? {} : { consumed: record.consumed }),
      };
    },
    async findByUid() {
      throw new errors.InvalidRequest('only sessions are found by uid');
    },
  };
}
