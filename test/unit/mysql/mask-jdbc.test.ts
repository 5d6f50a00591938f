import { describe, expect, test } from 'vitest';
import { maskJdbcText } from '../../../src/mysql/mask-jdbc.ts';

describe('passwords in JDBC addresses', () => {
  test.each([
    ['jdbc:mysql://db/shop?user=u&password=hunter2', 'jdbc:mysql://db/shop?user=u&password=[hidden]'],
    ['jdbc:mysql://db/shop?password=hunter2&user=u', 'jdbc:mysql://db/shop?password=[hidden]&user=u'],
    [
      'jdbc:mysql://db/shop?trustCertificateKeyStorePassword=hunter2&x=1',
      'jdbc:mysql://db/shop?trustCertificateKeyStorePassword=[hidden]&x=1',
    ],
    ['jdbc:mysql://db/shop?PASSWORD=hunter2', 'jdbc:mysql://db/shop?PASSWORD=[hidden]'],
    ['jdbc:mysql://u:hunter2@db:3306/shop', 'jdbc:mysql://u:[hidden]@db:3306/shop'],
    ['jdbc:mysql://u:hunter2@[a:1,b:2]/shop', 'jdbc:mysql://u:[hidden]@[a:1,b:2]/shop'],
    ['jdbc:mysql://u:hunter2@x@db/shop', 'jdbc:mysql://u:[hidden]@db/shop'],
    [
      'jdbc:mysql://[(host=a,port=1,user=u,password=hunter2),(host=b,user=v,password=hunter2)]/shop',
      'jdbc:mysql://[(host=a,port=1,user=u,password=[hidden]),(host=b,user=v,password=[hidden])]/shop',
    ],
    [
      'jdbc:mysql://address=(host=a)(port=1)(user=u)(password=hunter2)/shop',
      'jdbc:mysql://address=(host=a)(port=1)(user=u)(password=[hidden])/shop',
    ],
    ['jdbc:mysql://db/shop', 'jdbc:mysql://db/shop'],
  ])('%s', (url, masked) => {
    expect(maskJdbcText(url)).toBe(masked);
    expect(maskJdbcText(`Cannot connect to ${url} now.`)).toBe(`Cannot connect to ${masked} now.`);
  });

  test('a reference to a secret is none', () => {
    const url = `jdbc:mysql://db/shop?password=$\{file:/secrets:p}`;
    expect(maskJdbcText(url)).toBe(url);
  });

  test('twice is as good as once', () => {
    const once = maskJdbcText('jdbc:mysql://u:hunter2@address=(host=a)(password=hunter2)/shop?password=hunter2');
    expect(maskJdbcText(once)).toBe(once);
  });
});
