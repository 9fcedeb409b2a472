import { DEMONSTRATION_ACCOUNT } from '../src/domain/demonstration/demonstration.ts';

/** The person who signs in: the demonstration account, whose claims the reference server returns too. */
export const PERSON = {
  login: DEMONSTRATION_ACCOUNT.mobile,
  password: DEMONSTRATION_ACCOUNT.password,
  profile: {
    name: 'สมชาย ใจดี',
    given_name: 'สมชาย',
    family_name: 'ใจดี',
    middle_name: 'ชัย',
    nickname: 'ชาย',
    preferred_username: 'somchai',
    profile: 'https://example.com/somchai',
    website: 'https://somchai.example.com',
    gender: 'male',
    birthdate: '1990-04-13',
    zoneinfo: 'Asia/Bangkok',
    locale: 'th',
    updated_at: 1_700_000_000,
    email: DEMONSTRATION_ACCOUNT.email,
    email_verified: true,
  },
};

/** The product's default parameters of argon2id. */
export const HASHING = { memoryKiB: 19_456, passes: 2, parallelism: 1 };
