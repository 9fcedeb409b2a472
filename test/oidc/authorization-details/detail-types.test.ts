import { expect } from 'chai';
import { authorizationDetailsProblems, detailCheck } from '../../../src/config/authorization-details.ts';
import { detailTypes, isCovered } from '../../../src/oidc/authorization-details/detail-types.ts';
import { PAYMENT } from './details-steps.ts';

const types = detailTypes([PAYMENT], detailCheck);
const textOf = (detail: object): string =>
  types.textsOf(JSON.stringify([{ type: 'payment', ...detail }]))[0]?.en ?? '';

describe('types of authorization details', () => {
  it('fill the text with what the client sent, and mark what is missing', () => {
    expect(textOf({ amount: { currency: 'THB', value: '1250.00' }, creditor: 'Doi' })).to.equal(
      'Pay 1250.00 THB to Doi',
    );
    expect(textOf({ creditor: 'Doi' })).to.equal('Pay – – to Doi');
  });

  it('keep values from looking like anything else', () => {
    expect(textOf({ creditor: 'a\u202eb\nc {amount.value}' })).to.equal('Pay – – to ab c {amount.value}');
    expect(textOf({ creditor: 'x'.repeat(500) })).to.have.length('Pay – – to '.length + 201);
    expect(textOf({ creditor: { toString: 'x' } })).to.equal('Pay – – to {"toString":"x"}');
  });

  it('cover what is the same, or a part of a list of actions', () => {
    const granted = { type: 'payment', actions: ['read', 'pay'], creditor: 'Doi' };
    expect(isCovered({ ...granted }, granted)).to.equal(true);
    expect(isCovered({ ...granted, actions: ['read'] }, granted)).to.equal(true);
    expect(isCovered({ ...granted, actions: ['read', 'delete'] }, granted)).to.equal(false);
    expect(isCovered({ ...granted, creditor: 'Other' }, granted)).to.equal(false);
    expect(isCovered({ type: 'payment', actions: ['read'] }, granted)).to.equal(false);
    expect(isCovered({ ...granted, more: 1 }, granted)).to.equal(false);
  });

  it('are refused at the start when they cannot work', () => {
    const broken = { ...PAYMENT, schema: { ...PAYMENT.schema, required: 'creditor' } };
    expect(authorizationDetailsProblems([PAYMENT], ['http://localhost:8080/api'])).to.deep.equal([]);
    expect(authorizationDetailsProblems([PAYMENT, PAYMENT], PAYMENT.resources ?? [])).to.deep.equal([
      'authorizationDetails: payment is there twice',
    ]);
    expect(authorizationDetailsProblems([PAYMENT], [])[0]).to.include("'resources'");
    expect(authorizationDetailsProblems([broken], PAYMENT.resources ?? [])[0]).to.include('not valid');
  });
});
