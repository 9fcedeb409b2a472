import type { Locale } from '../../domain/values/locale.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';

/**
 * A client as it is shown to people. It holds the registered values: the renderer omits addresses that are not safe
 * to show.
 */
export interface ClientCard {
  /** Some of Pratu's own clients have a name in the language of the page. */
  id?: string | undefined;
  name: string;
  logoUri?: string | undefined;
  policyUri?: string | undefined;
  tosUri?: string | undefined;
  /** The same data in the languages of the pages. */
  inLocale?: Partial<Record<Locale, Partial<Omit<ClientCard, 'id' | 'inLocale'>>>>;
  /** Not registered at this server: the name is the host of its ID. */
  isUnverified?: boolean | undefined;
}

/** An error in a submitted form. Without `field`, it concerns the whole form. */
export interface FormError {
  field?: FormField;
  code: ErrorCode | FormCode;
  /** Additional details for operators, in English. */
  detail?: string | undefined;
  /** For too many attempts: the seconds until a retry can succeed. */
  retryAfter?: number | undefined;
  /** For a wrong code: the number of attempts left. */
  triesLeft?: number | undefined;
  /** For a wrong year of birth: the accepted years, of the Common Era. */
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

/** The fields of the console's form for a person. */
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

/** The fields of the console's form for a client. */
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

/** The fields of the console's form for a webhook. */
export type WebhookField = 'webhookUrl' | 'events';

/** The fields of the console's form for a sign-in provider. */
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

/** The details that people can enter about themselves in the account area. */
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

/** The errors of a form that only a page finds. */
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

/** The widget of a bot-check service. */
export interface BotWidget {
  provider: 'turnstile' | 'hcaptcha';
  siteKey: string;
  action: string;
}

/** A form that unauthenticated clients can submit. */
export interface OpenForm {
  /** Undefined when the form is not checked. */
  botCheck?: BotWidget | undefined;
}

/** A form of Pratu's own pages: the address that it is posted to, and its token. */
export interface Form {
  action: string;
  csrf: string;
}

/** The data that every page of the account area receives in addition to its own. */
export interface Framed {
  csrf: string;
  errors: readonly FormError[];
  /** The outcome of the last action, shown above the page. */
  outcome: string | undefined;
}
