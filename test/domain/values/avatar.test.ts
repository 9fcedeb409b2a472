import { expect } from 'chai';
import { parseAvatar } from '../../../src/domain/values/avatar.ts';

describe('an avatar', () => {
  it('is an https URL or a path', () => {
    for (const avatar of ['https://a.example/b.jpg?c=d', '/a/b.jpg', 'a.jpg', '/~a/b%20c', 'a/./b'])
      expect(parseAvatar(` ${avatar} `), avatar).to.equal(avatar);
  });

  it('is nothing else, and nothing that a browser would run or take for another host', () => {
    const others = [
      '',
      ' ',
      'http://a.example/b.jpg',
      'HTTPS://a.example/b.jpg',
      'https://',
      'https:a.example',
      'https://u:p@a.example/b.jpg',
      'https://a.example/ก',
      'https://a.example/\nb',
      'javascript:alert(1)',
      'data:image/png,x',
      '//a.example/b.jpg',
      '/\\a.example/b.jpg',
      '../b.jpg',
      '/a/../b.jpg',
      '/a//b.jpg',
      '/a b',
      '/a?b',
      '/"onerror=x',
      `/${'a'.repeat(500)}`,
    ];
    for (const avatar of others) expect(parseAvatar(avatar), avatar).to.equal(undefined);
  });
});
