import type { Secrets } from '../../domain/clients/client-registration.ts';
import type { Effects } from '../../domain/clients/clients.ts';
import type { ConsoleFrame } from './console-frame.ts';
import type { ClientField } from './form.ts';
import type { Moment } from './moment.ts';

export interface ListedClient {
  id: string;
  name: string;
  kinds: readonly ('first_party' | 'partner' | 'public' | 'dynamic' | 'fapi_2')[];
  createdAt: Moment;
}

export interface ConsoleClientsData extends ConsoleFrame {
  clients: readonly ListedClient[];
  next: string | null;
}

/** The fields of a client's form, as stored or as typed; lists have one value in a line. */
export type ClientFields = Readonly<Record<ClientField, string>>;

export interface ConsoleClientNewData extends ConsoleFrame {
  typed: ClientFields;
}

export interface ConsoleClientData extends ConsoleFrame {
  id: string;
  clientName: string;
  kinds: ListedClient['kinds'];
  createdAt: Moment;
  typed: ClientFields;
  /** Of the registration that the form was made from. */
  version: string;
  /** What the change that was typed would end; undefined until it is reviewed. */
  effects: Effects | undefined;
  /** The names of the members that would change. */
  changes: readonly string[];
  removal: Effects;
  rotatable: readonly (keyof Secrets)[];
}

/** Secrets of a client, the only time that they are shown. */
export interface ConsoleClientSecretsData extends ConsoleFrame {
  id: string;
  secrets: readonly { kind: keyof Secrets; value: string }[];
}

export interface ShownPartner {
  id: string;
  name: string;
  number: number | null;
  bindings: readonly string[];
  /** Of the last 24 hours. */
  lookups: number;
  exchanges: number;
  refused: number;
}

export interface ConsolePartnersData extends ConsoleFrame {
  partners: readonly ShownPartner[];
  limits: { perMinute: number; perDay: number };
  next: string | null;
}
