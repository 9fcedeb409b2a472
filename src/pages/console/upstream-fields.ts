import type { UpstreamKind } from '../../domain/upstream/connector.ts';
import type { OperatedProvider } from '../../domain/upstream/operated-providers.ts';
import { AppError } from '../../errors/app-error.ts';
import { Violations } from '../../errors/violations.ts';
import { FormRefused, type Sent } from '../kit/form-errors.ts';
import type { UpstreamFields } from '../page-data/console-upstream-data.ts';
import type { UpstreamField } from '../page-data/form.ts';

const COMMON = ['nameTh', 'nameEn', 'position'] as const;

/** The fields of a form, by the kind of the provider. A well-known provider has an issuer only in tests. */
export const FIELDS_OF: Readonly<Record<UpstreamKind, readonly UpstreamField[]>> = {
  google: ['clientId', 'clientSecret', ...COMMON],
  line: ['clientId', 'clientSecret', ...COMMON],
  facebook: ['clientId', 'clientSecret', ...COMMON],
  apple: ['clientId', 'teamId', 'keyId', 'privateKey', ...COMMON],
  oidc: ['issuer', 'clientId', 'clientSecret', 'trustEmail', ...COMMON],
};

export const isKind = (text = ''): text is UpstreamKind => Object.hasOwn(FIELDS_OF, text);

const SECRETS: ReadonlySet<UpstreamField> = new Set(['clientSecret', 'privateKey']);

const EMPTY: UpstreamFields = {
  upstreamId: '',
  clientId: '',
  clientSecret: '',
  teamId: '',
  keyId: '',
  privateKey: '',
  issuer: '',
  nameTh: '',
  nameEn: '',
  trustEmail: '',
  position: '',
};

/** The form that corresponds to a stored provider. */
export const storedFields = ({ settings, position }: OperatedProvider): UpstreamFields => ({
  ...EMPTY,
  upstreamId: settings.id,
  clientId: settings.clientId,
  teamId: settings.teamId ?? '',
  keyId: settings.keyId ?? '',
  issuer: settings.issuer ?? '',
  nameTh: settings.name?.th ?? '',
  nameEn: settings.name?.en ?? '',
  trustEmail: settings.trustEmail ? 'true' : '',
  position: String(position),
});

/** The form as typed, without secrets. */
export const typedUpstream = (sent: Sent = {}): UpstreamFields => ({
  ...EMPTY,
  ...Object.fromEntries(
    Object.entries(sent).filter(([name]) => name in EMPTY && !SECRETS.has(name as UpstreamField)),
  ),
});

export const hasSecret = (sent: Sent | undefined): boolean =>
  [...SECRETS].some((name) => (sent?.[name] ?? '') !== '');

function nameIn({ nameTh = '', nameEn = '' }: Sent): Record<string, string> | null {
  const [th, en] = [nameTh.trim(), nameEn.trim()];
  return th === '' && en === '' ? null : { th, en };
}

function memberIn(field: UpstreamField, sent: Sent): unknown {
  const text = (sent[field] ?? '').trim();
  if (field === 'trustEmail') return text === 'true';
  if (text === '') return SECRETS.has(field) || field === 'position' ? undefined : null;
  return field === 'position' ? Number(text) : text;
}

/** The merge patch in a form. An empty field is null, and an empty secret or position is omitted. */
export function patchIn(kind: UpstreamKind, sent: Sent): Record<string, unknown> {
  const plain = FIELDS_OF[kind].filter((field) => field !== 'nameTh' && field !== 'nameEn');
  const entries = plain.map((field) => [field, memberIn(field, sent)] as const);
  const given = entries.filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), name: nameIn(sent) };
}

/** The members of a new provider, without null values. */
export const providerIn = (kind: UpstreamKind, sent: Sent): Record<string, unknown> => {
  const given = Object.entries(patchIn(kind, sent)).filter(([, value]) => value !== null);
  return { id: (sent.upstreamId ?? '').trim(), kind, ...Object.fromEntries(given) };
};

const FORM_FIELDS: Readonly<Record<string, UpstreamField>> = {
  id: 'upstreamId',
  name: 'nameTh',
  'name.th': 'nameTh',
  'name.en': 'nameEn',
};
const TOLD: ReadonlySet<string> = new Set(['UPSTREAM_TAKEN', 'UPSTREAM_FACEBOOK_TAKEN', 'UPSTREAM_LINKED']);

const fieldOf = (named: string | undefined): { field?: UpstreamField } => {
  const field = FORM_FIELDS[named ?? ''] ?? named;
  return field !== undefined && Object.hasOwn(EMPTY, field) ? { field: field as UpstreamField } : {};
};

/** Runs a form's action. Errors of the domain are shown with the fields. Throws `FormRefused`. */
export async function inForm<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Violations)
      throw new FormRefused(error.list.map(({ field, code }) => ({ code, ...fieldOf(field) })));
    if (error instanceof AppError && TOLD.has(error.code))
      throw new FormRefused([{ code: error.code, ...fieldOf(error.field) }]);
    throw error;
  }
}
