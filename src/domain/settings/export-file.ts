import { cardNumber } from '../accounts/account.ts';
import type { ExportedAccount } from './account-export.ts';

/**
 * The file for the person: JSON, with times in ISO 8601 and UTC and days as `YYYY-MM-DD`. Null means never provided.
 * Ids of internal rows are omitted, because they contain no information about the person.
 */
export function exportFile(exported: ExportedAccount, { issuer, at }: { issuer: string; at: Date }) {
  const { account, nationalId, authenticators, browsers, grants, devices, history, consentRecords, ...rest } =
    exported;
  const { generation: _generation, pictureId, card, profile, title, contacts, ...facts } = account;
  return {
    exportedAt: at,
    issuer,
    account: facts,
    profile: { ...profile, title },
    nationalId,
    picture: pictureId && `${issuer}/pictures/${pictureId}`,
    card: card && { ...card, number: cardNumber(card) },
    contacts,
    authenticators: authenticators.map(({ id: _id, ...authenticator }) => authenticator),
    ...rest,
    consentRecords: consentRecords.map(({ id: _id, ...record }) => record),
    sessions: browsers.map(({ uid: _uid, ...browser }) => browser),
    grants: grants.map(({ id: _id, ...grant }) => grant),
    devices: devices.map((registeredAt) => ({ registeredAt })),
    history: history.map(({ details: { identifier: _hash, ...details }, ...event }) => ({
      ...event,
      details,
    })),
  };
}
