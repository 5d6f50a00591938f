/** Lists of addresses as they are typed, and the form of them that may be shown. */
import { expect, test } from 'vitest';
import { urlsIn, withoutLogins } from '../../../src/store/addresses.ts';

test('a list is read without blanks and empty places', () => {
  expect(urlsIn(' http://a:8083, b:8083 ,,')).toEqual(['http://a:8083', 'b:8083']);
  expect(urlsIn('')).toEqual([]);
});

test('users and passwords are not shown, with a scheme or without', () => {
  expect(withoutLogins('https://kim:s3cret@w1:8083/x, lee:pw@w2:8083,//me@w3')).toBe('https://w1:8083/x, w2:8083,//w3');
  expect(withoutLogins('k1:9092,k2:9092')).toBe('k1:9092,k2:9092');
  expect(withoutLogins('http://w1:8083/a@b')).toBe('http://w1:8083/a@b');
});
