import type { AuthorizationDetailsType } from '../../../src/config/authorization-details.ts';

export const API = 'http://localhost:8080/api';
export const OPAQUE = 'http://localhost:8080/opaque';

export const PAYMENT: AuthorizationDetailsType = {
  type: 'payment',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['creditor'],
    properties: {
      creditor: { type: 'string', maxLength: 50 },
      actions: { type: 'array', items: { enum: ['read', 'pay'] } },
      amount: {
        type: 'object',
        additionalProperties: false,
        properties: { currency: { type: 'string' }, value: { type: 'string' } },
      },
    },
  },
  consent: {
    th: 'จ่าย {amount.value} {amount.currency} ให้ {creditor}',
    en: 'Pay {amount.value} {amount.currency} to {creditor}',
  },
  resources: [API],
};

export const READING: AuthorizationDetailsType = {
  type: 'reading',
  schema: { type: 'object', additionalProperties: false, properties: { actions: { type: 'array' } } },
  consent: { th: 'อ่าน', en: 'Read' },
};

export const DETAIL = {
  type: 'payment',
  creditor: 'Doi Chaang',
  actions: ['read', 'pay'],
  amount: { currency: 'THB', value: '1250.00' },
};
