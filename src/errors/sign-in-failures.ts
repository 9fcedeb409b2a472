import { failure } from './failure.ts';

/** Failures of sign-in pages and methods. */
export const SIGN_IN_FAILURES = {
  PASSKEY_REJECTED: failure(
    400,
    'invalid_request',
    'The passkey could not be verified. Try again.',
    'ยืนยันพาสคีย์ไม่สำเร็จ กรุณาลองอีกครั้ง',
  ),
  PASSKEY_UNKNOWN: failure(
    400,
    'invalid_request',
    'This passkey has been removed from its account. Sign in another way.',
    'พาสคีย์นี้ถูกลบออกจากบัญชีแล้ว กรุณาเข้าสู่ระบบด้วยวิธีอื่น',
  ),
  PASSKEY_TAKEN: failure(
    409,
    'invalid_request',
    'This passkey is registered already.',
    'พาสคีย์นี้ลงทะเบียนไว้แล้ว',
  ),
  ONLY_WAY_TO_SIGN_IN: failure(
    409,
    'invalid_request',
    'This is the only way to sign in to the account. Set a password or verify a mobile number first.',
    'นี่เป็นวิธีเดียวที่ใช้เข้าสู่ระบบ กรุณาตั้งรหัสผ่านหรือยืนยันเบอร์มือถือก่อน',
  ),
  SECOND_FACTOR_REQUIRED: failure(
    400,
    'interaction_required',
    'This account needs a second factor. Use the authorization code flow: the sign-in page asks for it.',
    'บัญชีนี้ต้องยืนยันตัวตนขั้นที่สอง กรุณาเข้าสู่ระบบที่หน้าเข้าสู่ระบบ (authorization code flow)',
  ),
  INTERACTION_EXPIRED: failure(
    400,
    'invalid_request',
    'This sign-in has expired or was started in another browser. Go back to the app and start again.',
    'การเข้าสู่ระบบนี้หมดอายุหรือเริ่มจากเบราว์เซอร์อื่น กรุณากลับไปที่แอปแล้วเริ่มใหม่',
  ),
} as const;
