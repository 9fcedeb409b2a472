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

/** The fields of a client's form, as stored or as typed. Lists have one value per line. */
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
  /** The version of the registration from which the form was created. */
  version: string;
  /** The effects of the typed change. Undefined until it is reviewed. */
  effects: Effects | undefined;
  /** The names of the members that would change. */
  changes: readonly string[];
  removal: Effects;
  rotatable: readonly (keyof Secrets)[];
}

/** The secrets of a client, which are shown only once. */
export interface ConsoleClientSecretsData extends ConsoleFrame {
  id: string;
  secrets: readonly { kind: keyof Secrets; value: string }[];
}

export interface ShownPartner {
  id: string;
  name: string;
  number: number | null;
  bindings: readonly string[];
  /** In the last 24 hours. */
  lookups: number;
  exchanges: number;
  refused: number;
}

export interface ConsolePartnersData extends ConsoleFrame {
  partners: readonly ShownPartner[];
  limits: { perMinute: number; perDay: number };
  next: string | null;
}
