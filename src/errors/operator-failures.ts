import { type Failure, failure } from './failure.ts';

/** What operators are refused: part of the catalogue. */
export const OPERATOR_FAILURES = {
  OPERATOR_NOT_FOUND: failure(404, 'not_found', 'This account is not an operator.', 'บัญชีนี้ไม่ใช่ผู้ดูแลระบบ'),
  INVALID_CURSOR: failure(
    400,
    'invalid_request',
    'This cursor does not belong to this list and its filters.',
    'เคอร์เซอร์นี้ไม่ใช่ของรายการและตัวกรองนี้',
  ),
  INVALID_CARD_NUMBER: failure(
    400,
    'invalid_request',
    'This is not a valid card number.',
    'หมายเลขบัตรไม่ถูกต้อง',
  ),
  PREFIX_TOO_SHORT: failure(
    400,
    'invalid_request',
    'Enter at least two characters of the name.',
    'กรุณาระบุชื่ออย่างน้อยสองตัวอักษร',
  ),
  PRECONDITION_FAILED: failure(
    412,
    'invalid_request',
    'The resource has changed since this version. Load it again.',
    'ข้อมูลถูกแก้ไขหลังจากรุ่นนี้ กรุณาโหลดใหม่',
  ),
  IDEMPOTENCY_KEY_REUSED: failure(
    422,
    'invalid_request',
    'This Idempotency-Key was used for another request.',
    'Idempotency-Key นี้ถูกใช้กับคำขออื่นแล้ว',
  ),
  INVALID_CLIENT_METADATA: failure(
    400,
    'invalid_client_metadata',
    "The client's metadata is not valid.",
    'ข้อมูลของไคลเอนต์ไม่ถูกต้อง',
  ),
  UPSTREAM_NOT_FOUND: failure(404, 'not_found', 'Sign-in provider not found.', 'ไม่พบผู้ให้บริการเข้าสู่ระบบนี้'),
  UPSTREAM_TAKEN: failure(
    409,
    'invalid_request',
    'Another sign-in provider has this ID.',
    'มีผู้ให้บริการเข้าสู่ระบบอื่นใช้รหัสนี้แล้ว',
  ),
  UPSTREAM_FACEBOOK_TAKEN: failure(
    409,
    'invalid_request',
    'There can be only one sign-in provider of the kind facebook.',
    'มีผู้ให้บริการชนิด facebook ได้เพียงรายเดียว',
  ),
  UPSTREAM_IN_FILE: failure(
    409,
    'invalid_request',
    'This sign-in provider is in the configuration file and can be changed only there.',
    'ผู้ให้บริการเข้าสู่ระบบนี้อยู่ในไฟล์ตั้งค่า จึงแก้ไขได้ในไฟล์เท่านั้น',
  ),
  UPSTREAM_LINKED: failure(
    409,
    'invalid_request',
    'Accounts are linked under this ID, so it cannot belong to another issuer, kind or Facebook app. Use a new ID.',
    'มีบัญชีที่เชื่อมต่อด้วยรหัสนี้อยู่ จึงเปลี่ยน issuer ชนิด หรือแอป Facebook ไม่ได้ กรุณาใช้รหัสใหม่',
  ),
  INVALID_UPSTREAM_ID: failure(
    400,
    'invalid_request',
    'Use 1 to 32 lower-case letters, digits and hyphens. The first character cannot be a hyphen.',
    'ใช้ตัวพิมพ์เล็ก a-z ตัวเลข และขีดกลาง 1 ถึง 32 ตัว โดยห้ามขึ้นต้นด้วยขีดกลาง',
  ),
  INVALID_UPSTREAM_KIND: failure(
    400,
    'invalid_request',
    'The kind must be google, line, apple, facebook or oidc.',
    'ชนิดต้องเป็น google, line, apple, facebook หรือ oidc',
  ),
  INVALID_ISSUER: failure(
    400,
    'invalid_request',
    'This is not a valid issuer URL. In production it must use https.',
    'URL ของ issuer ไม่ถูกต้อง ระบบใช้งานจริงต้องใช้ https',
  ),
  INVALID_PRIVATE_KEY: failure(
    400,
    'invalid_request',
    'This is not a P-256 private key in PEM format.',
    'ไม่ใช่คีย์ส่วนตัว P-256 ในรูปแบบ PEM',
  ),
  FACEBOOK_APP_DIFFERS: failure(
    400,
    'invalid_request',
    'The client ID of the kind facebook must be FACEBOOK_APP_ID.',
    'รหัสไคลเอนต์ของชนิด facebook ต้องตรงกับ FACEBOOK_APP_ID',
  ),
  MESSAGE_NOT_FOUND: failure(404, 'not_found', 'Message not found.', 'ไม่พบข้อความนี้'),
  MESSAGE_EMPTIED: failure(
    409,
    'invalid_request',
    'The text of this message was removed when it was sent or dropped.',
    'เนื้อหาของข้อความนี้ถูกลบแล้วเมื่อส่งหรือยกเลิก',
  ),
  CONTACT_NOT_FOUND: failure(404, 'not_found', 'The account has no such contact.', 'บัญชีนี้ไม่มีข้อมูลติดต่อนี้'),
  LAST_ADMIN: failure(
    409,
    'invalid_request',
    'This is the last operator with the role admin. Give the role to another account first.',
    'นี่คือผู้ดูแลระบบคนสุดท้ายที่มีบทบาท admin กรุณากำหนดบทบาทนี้ให้บัญชีอื่นก่อน',
  ),
} as const satisfies Record<string, Failure>;
