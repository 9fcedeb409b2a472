import { type Failure, failure } from './failure.ts';

/** What operators are refused: part of the catalogue. */
export const OPERATOR_FAILURES = {
  OPERATOR_NOT_FOUND: failure(404, 'not_found', 'This account is not an operator.', 'บัญชีนี้ไม่ใช่ผู้ดูแลระบบ'),
  LAST_ADMIN: failure(
    409,
    'invalid_request',
    'This is the last operator with the role admin. Give the role to another account first.',
    'นี่คือผู้ดูแลระบบคนสุดท้ายที่มีบทบาท admin กรุณากำหนดบทบาทนี้ให้บัญชีอื่นก่อน',
  ),
} as const satisfies Record<string, Failure>;
