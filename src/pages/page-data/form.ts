import type { Locale } from '../../domain/values/locale.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';

/** A client as people see it. Give what is registered: the renderer leaves out addresses that are not safe to show. */
export interface ClientCard {
  /** Some of our own clients have a name in the language of the page. */
  id?: string | undefined;
  name: string;
  logoUri?: string | undefined;
  policyUri?: string | undefined;
  tosUri?: string | undefined;
  /** The same in a language of the pages. */
  inLocale?: Partial<Record<Locale, Partial<Omit<ClientCard, 'id' | 'inLocale'>>>>;
  /** Registered by nobody here: the name is the host of its ID. */
  isUnverified?: boolean | undefined;
}

/** What is wrong with a form as it was sent; without `field`, the form as a whole. */
export interface FormError {
  field?: FormField;
  code: ErrorCode | FormCode;
  /** More for operators, in English. */
  detail?: string | undefined;
  /** Of too many attempts: seconds until it makes sense to try again. */
  retryAfter?: number | undefined;
  /** Of a wrong code: how often it may be tried again. */
  triesLeft?: number | undefined;
  /** Of a wrong year of birth: the years that are taken, of the Common Era. */
  years?: Readonly<Record<'first' | 'last', number>> | undefined;
}

export type FormField =
  | 'login'
  | 'password'
  | 'password_check'
  | 'currentPassword'
  | 'code'
  | 'mobile'
  | 'email'
  | 'file'
  | 'confirmation'
  | 'thaiId'
  | 'terms'
  | 'account'
  | 'role'
  | 'reason'
  | ClientField
  | UpstreamField
  | WebhookField
  | PersonField
  | ProfileField;

/** Fields of the console's form of a person. */
export type PersonField =
  | 'given_name'
  | 'family_name'
  | 'middle_name'
  | 'nickname'
  | 'preferred_username'
  | 'birthdate'
  | 'profile'
  | 'website'
  | 'external_id';

/** Fields of the console's form of a client. */
export type ClientField =
  | 'client_id'
  | 'client_name'
  | 'redirect_uris'
  | 'post_logout_redirect_uris'
  | 'grant_types'
  | 'scope'
  | 'token_endpoint_auth_method'
  | 'first_party'
  | 'fapi_profile'
  | 'more';

/** Fields of the console's form of a webhook. */
export type WebhookField = 'webhookUrl' | 'events';

/** Fields of the console's form of a sign-in provider. */
export type UpstreamField =
  | 'upstreamId'
  | 'clientId'
  | 'clientSecret'
  | 'teamId'
  | 'keyId'
  | 'privateKey'
  | 'issuer'
  | 'nameTh'
  | 'nameEn'
  | 'trustEmail'
  | 'position';

/** What a person may say of themselves in the account area. */
export type ProfileField =
  | 'firstName'
  | 'lastName'
  | 'title'
  | 'middleName'
  | 'nickname'
  | 'preferredUsername'
  | 'profileUri'
  | 'websiteUri'
  | 'birthDate'
  | 'phone'
  | 'address'
  | 'addressTown'
  | 'addressPostcode'
  | 'addressRegion'
  | 'country'
  | 'locale';

/** What only a page finds wrong with a form. */
export type FormCode =
  | 'BOT_CHECK_MISSING'
  | 'BOT_CHECK_FAILED'
  | 'SIGN_IN_WRONG'
  | 'SIGN_IN_PASSWORD_WRONG'
  | 'LOGIN_MISSING'
  | 'EMAIL_MISSING'
  | 'CODE_MISSING'
  | 'PASSWORD_MISSING'
  | 'PASSWORD_CHECK_MISSING'
  | 'PASSWORDS_DIFFER'
  | 'NEW_PASSWORD_MISSING'
  | 'EMAIL_UNCHANGED'
  | 'MOBILE_MISSING'
  | 'MOBILE_UNCHANGED'
  | 'SMS_CODE_MISSING'
  | 'CODE_TRY_AGAIN'
  | 'MAIL_CODE_MISSING'
  | 'SECOND_FACTOR_WRONG'
  | 'RECOVERY_CODE_WRONG'
  | 'FIRST_NAME_MISSING'
  | 'LAST_NAME_MISSING'
  | 'TITLE_MISSING'
  | 'BIRTH_DATE_MISSING'
  | 'BIRTH_YEAR_WRONG'
  | 'NATIONAL_ID_MISSING'
  | 'NATIONAL_ID_OR_NONE'
  | 'MOBILE_OR_EMAIL_WRONG'
  | 'TERMS_NOT_ACCEPTED'
  | 'CONFIRMATION_WRONG';

/** A form of our own: where it is posted, and its token. */
/** The widget of a service that tells people from programs. */
export interface BotWidget {
  provider: 'turnstile' | 'hcaptcha';
  siteKey: string;
  action: string;
}

/** A form that anyone can send. */
export interface OpenForm {
  /** Undefined when the form is not checked. */
  botCheck?: BotWidget | undefined;
}

export interface Form {
  action: string;
  csrf: string;
}

/** What every page of the account area is given beside its own data. */
export interface Framed {
  csrf: string;
  errors: readonly FormError[];
  /** What was done just now, told above the page. */
  outcome: string | undefined;
}
