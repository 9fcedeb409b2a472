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
