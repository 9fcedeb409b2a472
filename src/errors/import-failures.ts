import { failure } from './failure.ts';

/** The failures of a row of an import. */
export const IMPORT_FAILURES = {
  INVALID_PASSWORD_HASH: failure(
    400,
    'invalid_request',
    'This password hash cannot be read.',
    'อ่านแฮชรหัสผ่านนี้ไม่ได้',
  ),
  PASSWORD_HASH_TOO_EXPENSIVE: failure(
    400,
    'invalid_request',
    'This password hash takes too much time or memory to verify.',
    'การตรวจสอบแฮชรหัสผ่านนี้ใช้เวลาหรือหน่วยความจำมากเกินไป',
  ),
  PASSWORD_HASH_NOT_CONFIGURED: failure(
    400,
    'invalid_request',
    'This password hash needs a setting that is missing: FIREBASE_SIGNER_KEY.',
    'แฮชรหัสผ่านนี้ต้องใช้การตั้งค่าที่ยังไม่มี: FIREBASE_SIGNER_KEY',
  ),
  INVALID_ROW: failure(
    400,
    'invalid_request',
    'This line is not a JSON object in UTF-8 of at most 64 KiB.',
    'บรรทัดนี้ไม่ใช่ออบเจกต์ JSON แบบ UTF-8 ขนาดไม่เกิน 64 KiB',
  ),
  UNKNOWN_MEMBER: failure(400, 'invalid_request', 'A row has no such member.', 'แถวไม่มีข้อมูลชื่อนี้'),
  INVALID_VALUE: failure(400, 'invalid_request', 'This value is not allowed here.', 'ไม่อนุญาตให้ใช้ค่านี้'),
  IDENTIFIER_MISSING: failure(
    400,
    'invalid_request',
    'A row needs at least one of mobile, email and external_id.',
    'แถวต้องมี mobile, email หรือ external_id อย่างน้อยหนึ่งอย่าง',
  ),
} as const;
