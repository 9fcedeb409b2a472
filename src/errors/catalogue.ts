/**
 * Every failure that is meant to happen, in one place: its HTTP status, the OAuth `error` word that
 * protocol surfaces show, and the words for people. Domain code throws `new AppError(code)`; each surface
 * has one presenter that turns it into bytes.
 */
export interface Failure {
  status: number;
  error: string;
  th: string;
  en: string;
}

const failure = (status: number, error: string, en: string, th: string): Failure => ({
  status,
  error,
  en,
  th,
});

export const CATALOGUE = {
  BAD_REQUEST: failure(400, 'invalid_request', 'The request is not valid.', 'คำขอไม่ถูกต้อง'),
  DPOP_NOT_SUPPORTED: failure(
    400,
    'invalid_request',
    'This API does not support DPoP. Send the request without a DPoP proof.',
    'API นี้ไม่รองรับ DPoP กรุณาส่งคำขอโดยไม่มี DPoP proof',
  ),
  INVALID_CHARACTER: failure(
    400,
    'invalid_request',
    'The request contains a character that is not allowed.',
    'คำขอมีอักขระที่ไม่อนุญาต',
  ),
  INVALID_MOBILE: failure(
    400,
    'invalid_request',
    'This is not a valid mobile number.',
    'หมายเลขโทรศัพท์มือถือไม่ถูกต้อง',
  ),
  INVALID_EMAIL: failure(400, 'invalid_request', 'This is not a valid e-mail address.', 'อีเมลไม่ถูกต้อง'),
  INVALID_NATIONAL_ID: failure(
    400,
    'invalid_request',
    'This is not a valid national ID number.',
    'เลขประจำตัวประชาชนไม่ถูกต้อง',
  ),
  INVALID_EXTERNAL_ID: failure(
    400,
    'invalid_request',
    'This is not a valid external ID.',
    'รหัสภายนอกไม่ถูกต้อง',
  ),
  INVALID_BIRTH_DATE: failure(400, 'invalid_request', 'This is not a valid date of birth.', 'วันเกิดไม่ถูกต้อง'),
  INVALID_LOCATION: failure(400, 'invalid_request', 'Unknown location.', 'ไม่พบพื้นที่นี้'),
  INVALID_NAME: failure(400, 'invalid_request', 'This name is not valid.', 'ชื่อไม่ถูกต้อง'),
  INVALID_TEXT: failure(
    400,
    'invalid_request',
    'This text is too long or contains characters that are not allowed.',
    'ข้อความนี้ยาวเกินไปหรือมีอักขระที่ไม่อนุญาต',
  ),
  INVALID_PHONE: failure(400, 'invalid_request', 'This is not a valid phone number.', 'หมายเลขโทรศัพท์ไม่ถูกต้อง'),
  INVALID_COUNTRY: failure(
    400,
    'invalid_request',
    'This is not a two-letter country code (ISO 3166-1).',
    'รหัสประเทศไม่ถูกต้อง (ISO 3166-1 สองตัวอักษร)',
  ),
  UNKNOWN_TOPIC: failure(400, 'invalid_request', 'Unknown topic.', 'ไม่พบหัวข้อนี้'),
  VALUE_MISSING: failure(400, 'invalid_request', 'This cannot be empty.', 'ต้องระบุข้อมูลนี้'),
  NOT_CHANGEABLE: failure(400, 'invalid_request', 'This cannot be changed here.', 'ไม่สามารถเปลี่ยนข้อมูลนี้ได้ที่นี่'),
  PASSWORDS_DIFFER: failure(400, 'invalid_request', 'The passwords do not match.', 'รหัสผ่านทั้งสองไม่ตรงกัน'),
  PASSWORD_TOO_SHORT: failure(400, 'invalid_request', 'The password is too short.', 'รหัสผ่านสั้นเกินไป'),
  PASSWORD_TOO_LONG: failure(400, 'invalid_request', 'The password is too long.', 'รหัสผ่านยาวเกินไป'),
  PASSWORD_TOO_COMMON: failure(
    400,
    'invalid_request',
    'This password is too common. Choose another one.',
    'รหัสผ่านนี้มีผู้ใช้มากเกินไป กรุณาเลือกรหัสผ่านอื่น',
  ),
  PASSWORD_IS_PERSONAL: failure(
    400,
    'invalid_request',
    'The password must not be your name, e-mail address, mobile number or national ID.',
    'รหัสผ่านต้องไม่ใช่ชื่อ อีเมล หมายเลขโทรศัพท์ หรือเลขประจำตัวประชาชนของคุณ',
  ),
  CODE_WRONG: failure(
    400,
    'invalid_request',
    'The code is wrong, has been used or has expired. Request a new one.',
    'รหัสไม่ถูกต้อง ใช้ไปแล้ว หรือหมดอายุ กรุณาขอรหัสใหม่',
  ),
  RESET_CODE_INVALID: failure(
    400,
    'invalid_request',
    'The code does not match the e-mail address, has been used or has expired. Request a new one.',
    'อีเมลกับรหัสไม่ตรงกัน หรือรหัสใช้ไปแล้วหรือหมดอายุ กรุณาขอรหัสใหม่',
  ),
  ACTIVATION_INVALID: failure(
    400,
    'invalid_request',
    'The activation is invalid, has been used or has expired. Sign up again to get a new one.',
    'การเปิดใช้งานนี้ไม่ถูกต้อง ใช้ไปแล้ว หรือหมดอายุ กรุณาสมัครใหม่เพื่อรับลิงก์ใหม่',
  ),
  INVALID_RESET_URI: failure(
    400,
    'invalid_request',
    'The reset URI is not registered.',
    'ที่อยู่ (URI) สำหรับตั้งรหัสผ่านใหม่ไม่ได้ลงทะเบียนไว้',
  ),
  INVALID_ACTIVATE_URI: failure(
    400,
    'invalid_request',
    'The activation URI is not registered.',
    'ที่อยู่ (URI) สำหรับเปิดใช้งานบัญชีไม่ได้ลงทะเบียนไว้',
  ),
  LINK_INVALID: failure(
    400,
    'invalid_request',
    'The link no longer works: it is invalid, has been used or has expired.',
    'ลิงก์นี้ไม่ถูกต้อง ใช้ไปแล้ว หรือหมดอายุ',
  ),
  PASSWORD_MISSING: failure(400, 'invalid_request', 'Enter your current password.', 'กรุณาระบุรหัสผ่านปัจจุบัน'),
  PASSWORD_WRONG: failure(400, 'invalid_request', 'The current password is wrong.', 'รหัสผ่านปัจจุบันไม่ถูกต้อง'),
  FILE_MISSING: failure(400, 'invalid_request', 'No file was sent.', 'ไม่พบไฟล์ที่ส่งมา'),
  INVALID_CREDENTIALS: failure(
    400,
    'invalid_grant',
    'The sign-in name or the password is wrong.',
    'ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง',
  ),
  TIMESTAMP_TOO_FAR: failure(
    400,
    'invalid_request',
    'The timestamp differs from the server time by more than five minutes.',
    'เวลาของคำขอต่างจากเวลาของเซิร์ฟเวอร์เกินห้านาที',
  ),
  MOBILE_NOT_OF_ACCOUNT: failure(
    400,
    'invalid_grant',
    'The mobile number does not match this account.',
    'หมายเลขโทรศัพท์มือถือไม่ตรงกับบัญชีนี้',
  ),
  FACEBOOK_OFF: failure(
    400,
    'invalid_request',
    'Signing in with Facebook is disabled.',
    'ไม่เปิดให้เข้าสู่ระบบด้วย Facebook',
  ),
  FACEBOOK_REFUSED: failure(
    401,
    'invalid_grant',
    'Facebook did not confirm this sign-in.',
    'Facebook ไม่ยืนยันการเข้าสู่ระบบนี้',
  ),
  FACEBOOK_UNKNOWN: failure(
    401,
    'invalid_grant',
    'No account is linked to this Facebook user. Register first.',
    'ยังไม่มีบัญชีที่เชื่อมกับผู้ใช้ Facebook นี้ กรุณาสมัครสมาชิกก่อน',
  ),
  INVALID_TOKEN: failure(
    401,
    'invalid_token',
    'The access token is missing or no longer valid.',
    'โทเค็นไม่ถูกต้องหรือหมดอายุแล้ว',
  ),
  INSUFFICIENT_SCOPE: failure(
    403,
    'insufficient_scope',
    'The access token lacks the required scope.',
    'โทเค็นนี้ไม่มีสิทธิ์ดำเนินการ',
  ),
  CLIENT_REFUSED: failure(
    401,
    'invalid_client',
    'Unknown client or wrong secret.',
    'รหัสหรือความลับของไคลเอนต์ไม่ถูกต้อง',
  ),
  API_KEY_REFUSED: failure(401, 'invalid_client', 'Unknown API key.', 'คีย์ API ไม่ถูกต้อง'),
  CLIENT_NOT_PERMITTED: failure(
    403,
    'unauthorized_client',
    'The client lacks the required permission.',
    'ไคลเอนต์นี้ไม่มีสิทธิ์ดำเนินการ',
  ),
  FORM_NOT_OURS: failure(
    403,
    'access_denied',
    'This form did not come from our page. Go back, reload the page and submit it again.',
    'แบบฟอร์มนี้ไม่ได้มาจากหน้าของเรา กรุณาโหลดหน้าใหม่แล้วลองอีกครั้ง',
  ),
  INTERACTION_EXPIRED: failure(
    400,
    'invalid_request',
    'This sign-in has expired or was started in another browser. Go back to the app and start again.',
    'การเข้าสู่ระบบนี้หมดอายุหรือเริ่มจากเบราว์เซอร์อื่น กรุณากลับไปที่แอปแล้วเริ่มใหม่',
  ),
  STATE_TOO_LONG: failure(
    400,
    'invalid_request',
    'The state is longer than 8 KiB in a URL. Store the data on your side and send a short random value.',
    'ค่า state ยาวเกิน 8 KiB ใน URL กรุณาเก็บข้อมูลไว้ที่ฝั่งของคุณ แล้วส่งค่าสุ่มสั้น ๆ แทน',
  ),
  NOT_FOUND: failure(404, 'not_found', 'Not found.', 'ไม่พบรายการที่ร้องขอ'),
  METHOD_NOT_ALLOWED: failure(405, 'invalid_request', 'Method not allowed.', 'ไม่อนุญาตให้ใช้เมธอด HTTP นี้'),
  ACCOUNT_NOT_FOUND: failure(404, 'not_found', 'Account not found.', 'ไม่พบบัญชีนี้'),
  CLIENT_NOT_FOUND: failure(404, 'not_found', 'Client not found.', 'ไม่พบไคลเอนต์นี้'),
  CLIENT_TAKEN: failure(409, 'invalid_request', 'A client with this ID already exists.', 'มีไคลเอนต์รหัสนี้อยู่แล้ว'),
  CONTACT_TAKEN: failure(
    409,
    'invalid_request',
    'This mobile number or e-mail address is already in use.',
    'หมายเลขโทรศัพท์หรืออีเมลนี้มีผู้ใช้แล้ว',
  ),
  NATIONAL_ID_TAKEN: failure(
    409,
    'invalid_request',
    'This national ID is already in use.',
    'เลขประจำตัวประชาชนนี้มีผู้ใช้แล้ว',
  ),
  EXTERNAL_ID_TAKEN: failure(
    409,
    'invalid_request',
    'Another account has this external ID.',
    'รหัสภายนอกนี้เป็นของบัญชีอื่นแล้ว',
  ),
  BINDING_TAKEN: failure(
    409,
    'invalid_request',
    'This external account is linked to another account.',
    'บัญชีภายนอกนี้เชื่อมกับบัญชีอื่นแล้ว',
  ),
  ONLY_WAY_TO_SIGN_IN: failure(
    409,
    'invalid_request',
    'This link is the only way to sign in to the account. Set a password or verify a mobile number first.',
    'บัญชีภายนอกนี้เป็นวิธีเดียวที่ใช้เข้าสู่ระบบ กรุณาตั้งรหัสผ่านหรือยืนยันหมายเลขโทรศัพท์มือถือก่อน',
  ),
  ACCOUNT_DELETED: failure(409, 'invalid_request', 'The account has been deleted.', 'บัญชีนี้ถูกลบแล้ว'),
  BODY_TOO_LARGE: failure(413, 'invalid_request', 'The request is too large.', 'คำขอมีขนาดใหญ่เกินไป'),
  IMAGE_TOO_LARGE: failure(
    413,
    'invalid_request',
    'The picture is too large. The maximum is 3 MB.',
    'ไฟล์รูปภาพมีขนาดใหญ่เกินไป ต้องไม่เกิน 3 MB',
  ),
  IMAGE_TOO_MANY_PIXELS: failure(
    413,
    'invalid_request',
    'The picture has too many pixels. The maximum is 25 megapixels.',
    'รูปภาพมีความละเอียดสูงเกินไป ต้องไม่เกิน 25 ล้านพิกเซล',
  ),
  UNSUPPORTED_MEDIA_TYPE: failure(415, 'invalid_request', 'Unsupported media type.', 'ไม่รองรับชนิดข้อมูลนี้'),
  IMAGE_TYPE_UNKNOWN: failure(
    415,
    'invalid_request',
    'The file is not a JPEG or PNG picture.',
    'ไฟล์นี้ไม่ใช่รูปภาพ JPEG หรือ PNG',
  ),
  MISDIRECTED: failure(
    421,
    'invalid_request',
    'This server does not serve this host name.',
    'เซิร์ฟเวอร์นี้ไม่ได้ให้บริการชื่อโฮสต์นี้',
  ),
  IMAGE_BROKEN: failure(
    422,
    'invalid_request',
    'The picture is damaged and cannot be read.',
    'ไฟล์รูปภาพเสียหาย ไม่สามารถอ่านได้',
  ),
  TOO_MANY_ATTEMPTS: failure(
    429,
    'temporarily_unavailable',
    'Too many attempts. Try again later.',
    'ลองหลายครั้งเกินไป กรุณารอสักครู่แล้วลองใหม่',
  ),
  UNAVAILABLE: failure(
    503,
    'temporarily_unavailable',
    'Temporarily unavailable. Try again shortly.',
    'ระบบไม่พร้อมให้บริการชั่วคราว กรุณาลองใหม่',
  ),
  SMS_UNAVAILABLE: failure(
    503,
    'temporarily_unavailable',
    'SMS codes are not available.',
    'ขณะนี้ระบบไม่สามารถส่งรหัสทาง SMS ได้',
  ),
  MAIL_UNAVAILABLE: failure(
    503,
    'temporarily_unavailable',
    'E-mail is not available.',
    'ขณะนี้ระบบไม่สามารถส่งอีเมลได้',
  ),
  INTERNAL: failure(500, 'server_error', 'An internal error occurred.', 'เกิดข้อผิดพลาดในระบบ'),
} as const satisfies Record<string, Failure>;

export type ErrorCode = keyof typeof CATALOGUE;
