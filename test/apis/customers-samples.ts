/** The requests and responses of a client, as in the documentation. */
export const REGISTRATION = {
  otpNumber: '048213',
  thaiId: '3670301396484',
  email: 'megaspeed@example.com',
  mobile: '0879630303',
  password: '123456',
  firstName: 'ฝอย',
  lastName: 'ขัดหม้อ',
  birthDate: '03/04/2015',
  registerChannel: 'MOBILE',
  title: { id: 1 },
};
export const CUSTOMER = {
  id: 33,
  thaiId: '3670301396484',
  email: 'megaspeed@example.com',
  mobile: '0879630303',
  firstName: 'ฝอย',
  lastName: 'ขัดหม้อ',
  title: { id: 1, nameTh: 'นาย', nameEn: 'Mr.', gender: 'MALE' },
  birthDate: '03/04/2015',
  registerChannel: 'MOBILE',
  phone: null,
  addresses: [],
  cpOneCard: {
    id: 33,
    cardNumber: '0001000000000033',
    cardLevel: { id: 1, name: 'Normal' },
    expiryDate: '28/05/2016',
  },
};
