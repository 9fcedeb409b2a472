import { refuseIfAny, type Violation } from '../../errors/violations.ts';
import { type Account, mainContact, type Profile } from '../accounts/account.ts';
import { parseCode } from '../one-time-codes/one-time-code.ts';
import { type Subscription, sameSubscriptions } from '../subscriptions/subscription.ts';
import { type Email, parseEmail } from '../values/email.ts';
import { nationalMobile, parseMobile } from '../values/mobile.ts';
import { parseFullName, profileName } from '../values/person-name.ts';
import { parseText, TEXT_PROBLEMS, TEXTS } from '../values/profile-texts.ts';

/** An account as it is shown to its owner. */
export interface OwnProfile {
  account: Account;
  subscriptions: Subscription[];
  /** The new e-mail address that is pending confirmation. */
  pendingEmail: string | null;
}

/** The profile that a person requests. Null clears a member; an absent member is unchanged. */
export interface WantedProfile
  extends Partial<Pick<Profile, (typeof TEXTS)[number]>>,
    Partial<Record<'name' | 'mobile' | 'email' | 'pendingEmail' | 'id' | 'password', string | null>> {
  /** Verifies a new mobile. */
  code?: string;
  subscriptions?: Subscription[] | null;
}

/** The differences from the stored profile, in their stored form. */
export interface PlannedChange {
  profile: Partial<Profile>;
  /** In E.164; null removes it. */
  mobile?: { value: string | null; code?: string };
  email?: Email;
  password?: string;
  subscriptions?: Subscription[];
}

interface Rules {
  /** ISO 3166-1 codes of the countries whose mobiles are accepted. */
  countries: readonly string[];
  topics: readonly string[];
}

type Refuse = (field: string, code: Violation['code']) => void;

function plannedTexts({ account }: OwnProfile, wanted: WantedProfile, refuse: Refuse): Partial<Profile> {
  const changed: Partial<Profile> = {};
  for (const text of TEXTS) {
    const given = wanted[text];
    if (given === undefined || given === account.profile[text]) continue;
    const parsed = parseText(text, given ?? '');
    if (parsed === undefined) refuse(text, TEXT_PROBLEMS[text]);
    else if (parsed !== account.profile[text]) changed[text] = parsed;
  }
  return changed;
}

function plannedName({ account }: OwnProfile, { name }: WantedProfile, refuse: Refuse): Partial<Profile> {
  if (name === undefined || name === profileName(account.profile)) return {};
  const parsed = name === null ? undefined : parseFullName(name);
  if (!parsed) refuse('name', name ? 'INVALID_NAME' : 'VALUE_MISSING');
  return parsed ?? {};
}

function plannedMobile(
  { account }: OwnProfile,
  { mobile, code }: WantedProfile,
  { countries }: Rules,
  refuse: Refuse,
): PlannedChange['mobile'] {
  const present = mainContact(account, 'mobile');
  if (code !== undefined && parseCode(code) === undefined) refuse('code', 'CODE_WRONG');
  if (mobile === undefined && code !== undefined) refuse('mobile', 'VALUE_MISSING');
  if (mobile === undefined) return undefined;
  if (mobile === null || mobile === '') return present && { value: null };
  const provesPresent = code !== undefined && present?.verified === false;
  if (present && mobile === nationalMobile(present.value) && !provesPresent) return undefined;
  const value = parseMobile(mobile, { countries });
  if (!value) refuse('mobile', 'INVALID_MOBILE');
  if (!value || (value === present?.value && !provesPresent)) return undefined;
  return code === undefined ? { value } : { value, code };
}

function plannedEmail(
  { account }: OwnProfile,
  { email }: WantedProfile,
  refuse: Refuse,
): PlannedChange['email'] {
  const present = mainContact(account, 'email')?.value;
  if (email === undefined || email === (present ?? null)) return undefined;
  const parsed = parseEmail(email ?? '');
  if (!parsed) refuse('email', email ? 'INVALID_EMAIL' : 'VALUE_MISSING');
  // another spelling of the same mailbox needs no verification
  return parsed?.key === parseEmail(present ?? '')?.key ? undefined : parsed;
}

function plannedSubscriptions(
  shown: OwnProfile,
  { subscriptions: wanted }: WantedProfile,
  { topics }: Rules,
  refuse: Refuse,
): PlannedChange['subscriptions'] {
  if (wanted === undefined) return undefined;
  const list = wanted ?? [];
  if (list.some(({ topic }) => !topics.includes(topic))) refuse('subscriptions', 'UNKNOWN_TOPIC');
  return sameSubscriptions(list, shown.subscriptions) ? undefined : list;
}

/** The members that are not undefined, as `exactOptionalPropertyTypes` requires. */
const present = <T extends object>(members: { [Name in keyof T]: T[Name] | undefined }): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;

/**
 * Compares the requested profile with the one shown. A member equal to the value shown is not a change and never
 * invalid, so that a whole profile can be sent back. Throws `Violations` with every error.
 */
export function planChange(shown: OwnProfile, wanted: WantedProfile, rules: Rules): PlannedChange {
  const violations: Violation[] = [];
  const refuse: Refuse = (field, code) => void violations.push({ field, code });
  const { id, pendingEmail, password } = wanted;

  if (id !== undefined && id !== String(shown.account.id)) refuse('id', 'NOT_CHANGEABLE');
  if (pendingEmail !== undefined && pendingEmail !== shown.pendingEmail)
    refuse('pendingEmail', 'NOT_CHANGEABLE');
  if (password === null || password === '') refuse('password', 'VALUE_MISSING');
  const planned = present<PlannedChange>({
    profile: { ...plannedName(shown, wanted, refuse), ...plannedTexts(shown, wanted, refuse) },
    mobile: plannedMobile(shown, wanted, rules, refuse),
    email: plannedEmail(shown, wanted, refuse),
    password: password ?? undefined,
    subscriptions: plannedSubscriptions(shown, wanted, rules, refuse),
  });
  refuseIfAny(violations);
  return planned;
}

/** Whether the requested profile differs in nothing. */
export const isNoChange = ({ profile, ...others }: PlannedChange): boolean =>
  Object.keys(profile).length === 0 && Object.keys(others).length === 0;
