import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { driverProperties, parseJdbcUrl } from '../../../src/mysql/jdbc-url.ts';

describe('addresses', () => {
  test("the seed's", () => {
    expect(parseJdbcUrl('jdbc:mysql://localhost:3306/kafkadb?user=kafka&password=kafka123')).toMatchObject({
      host: 'localhost',
      port: 3306,
      database: 'kafkadb',
      user: 'kafka',
      password: 'kafka123',
      place: 'localhost:3306/kafkadb',
      warnings: [],
    });
  });

  test.each([
    ['jdbc:mysql://db', { host: 'db', port: 3306, database: null }],
    ['jdbc:mysql://db/', { host: 'db', port: 3306, database: null }],
    ['jdbc:mysql:///shop', { host: 'localhost', port: 3306, database: 'shop' }],
    ['jdbc:mariadb://db:3307/shop', { host: 'db', port: 3307, database: 'shop' }],
    ['JDBC:MYSQL://db:3307/shop', { host: 'db', port: 3307, database: 'shop' }],
    ['  jdbc:mysql://db/shop  ', { host: 'db', database: 'shop' }],
    ['jdbc:mysql://[::1]:3307/shop', { host: '::1', port: 3307, place: '[::1]:3307/shop' }],
    ['jdbc:mysql://[fe80::1%eth0]/shop', { host: 'fe80::1%eth0', port: 3306 }],
    ['jdbc:mysql://u:p%40ss@db/shop', { host: 'db', user: 'u', password: 'p@ss' }],
    ['jdbc:mysql://u@db/shop', { host: 'db', user: 'u', password: null }],
    ['jdbc:mysql://u:a@b@db/shop', { host: 'db', user: 'u', password: 'a@b' }],
    ['jdbc:mysql://db/%EC%83%81%EC%A0%90', { database: '상점' }],
    ['jdbc:mysql://db/shop?password=a%26b%3Dc&user=', { password: 'a&b=c', user: null }],
  ])('%s', (url, expected) => {
    expect(parseJdbcUrl(url)).toMatchObject(expected);
  });

  test('of several hosts the first one is taken, with a warning', () => {
    for (const url of ['jdbc:mysql://a:1,b:2/shop', 'jdbc:mysql://u:p@[a:1,b:2]/shop']) {
      const address = parseJdbcUrl(url);
      expect(address).toMatchObject({ host: 'a', port: 1 });
      expect(address.warnings).toEqual([expect.stringContaining('names 2 hosts; only the first one, a:1, is used')]);
    }
    expect(parseJdbcUrl('jdbc:mysql:loadbalance://a,b/shop').warnings).toContainEqual(expect.stringContaining('"loadbalance"'));
  });

  test.each([
    ['jdbc:postgresql://db/shop', 'no address of MySQL or MariaDB'],
    ['mysql://db/shop', 'no address of MySQL or MariaDB'],
    ['', 'no address of MySQL or MariaDB'],
    ['jdbc:mysql://db:0/shop', 'port 0'],
    ['jdbc:mysql://db:65536/shop', 'port 65536'],
    ['jdbc:mysql://::1/shop', 'an IPv6 address stands in brackets'],
    ['jdbc:mysql://address=(host=a)(port=1)/shop', 'Hosts in parentheses'],
    ['jdbc:mysql://db/shop?x=%zz', 'A "%" in it'],
    ['jdbc:mysql://db/shop?useSSL=maybe', 'useSSL = "maybe" is neither true nor false'],
    ['jdbc:mysql://db/shop?sslMode=SOME', 'sslMode = "SOME" is none of DISABLED'],
    ['jdbc:mysql://db/shop?connectTimeout=1s', 'connectTimeout = "1s" is no number of milliseconds'],
    ['jdbc:mysql://db/shop?forceConnectionTimeZoneToSession=true', 'needs connectionTimeZone'],
  ])('%s is refused: %s', (url, reason) => {
    expect(() => parseJdbcUrl(url)).toThrow(ConfigError);
    expect(() => parseJdbcUrl(url)).toThrow(reason);
  });

  test('no refusal shows a password', () => {
    for (const url of [
      'jdbc:oracle:thin:u/hunter2@db?password=hunter2',
      'jdbc:mysql://u:hunter2@db:0/shop',
      'jdbc:mysql://db:0/s?password=hunter2',
    ])
      expect(() => parseJdbcUrl(url)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('password=hunter2') }));
    expect(() => parseJdbcUrl('jdbc:mysql://u:hunter2@db:0/shop')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('parameters', () => {
  const parse = (query: string, properties: Record<string, string> = {}, product = 'mysql') =>
    parseJdbcUrl(`jdbc:${product}://db/shop?${query}`, properties);

  test('properties of the connector win over the address', () => {
    expect(parse('user=a&password=b', { user: 'c', password: 'd' })).toMatchObject({ user: 'c', password: 'd' });
  });

  test.each([
    ['', 'mysql', 'PREFERRED'],
    ['useSSL=false', 'mysql', 'DISABLED'],
    ['useSSL=true', 'mysql', 'PREFERRED'],
    ['useSSL=true&requireSSL=true', 'mysql', 'REQUIRED'],
    ['useSSL=true&verifyServerCertificate=true', 'mysql', 'VERIFY_CA'],
    ['sslMode=verify_identity&useSSL=false', 'mysql', 'VERIFY_IDENTITY'],
    ['', 'mariadb', 'DISABLED'],
    ['sslMode=trust', 'mariadb', 'REQUIRED'],
    ['sslMode=verify-full', 'mariadb', 'VERIFY_IDENTITY'],
    ['useSSL=true', 'mariadb', 'VERIFY_IDENTITY'],
    ['useSSL=true&trustServerCertificate=true', 'mariadb', 'REQUIRED'],
    ['useSSL=true&disableSslHostnameVerification=true', 'mariadb', 'VERIFY_CA'],
  ])('"%s" of %s is TLS %s', (query, product, sslMode) => {
    expect(parse(query, {}, product).tls.sslMode).toBe(sslMode);
  });

  test('names are read in any case', () => {
    expect(parse('USESSL=false&ConnectTimeout=5&SOCKETTIMEOUT=7')).toMatchObject({
      connectTimeoutMs: 5,
      socketTimeoutMs: 7,
      tls: { sslMode: 'DISABLED' },
      warnings: [],
    });
  });

  test('stores of both drivers', () => {
    expect(
      parse('trustCertificateKeyStoreUrl=file:/a.p12&trustCertificateKeyStoreType=pkcs12&trustCertificateKeyStorePassword=x').tls
        .trustStore,
    ).toEqual({
      location: 'file:/a.p12',
      type: 'PKCS12',
      password: 'x',
      locationName: 'trustCertificateKeyStoreUrl',
      typeName: 'trustCertificateKeyStoreType',
      passwordName: 'trustCertificateKeyStorePassword',
    });
    expect(parse('trustStore=/b.pem&trustStoreType=PEM').tls.trustStore).toMatchObject({
      location: '/b.pem',
      type: 'PEM',
      locationName: 'trustStore',
    });
  });

  test.each([
    ['', 'EXCEPTION'],
    ['zeroDateTimeBehavior=convertToNull', 'CONVERT_TO_NULL'],
    ['zeroDateTimeBehavior=CONVERT_TO_NULL', 'CONVERT_TO_NULL'],
    ['zeroDateTimeBehavior=round', 'ROUND'],
  ])('zero dates: "%s" is %s', (query, zeroDates) => {
    expect(parse(query).zeroDates).toBe(zeroDates);
  });

  test('settings of the session', () => {
    expect(parse("sessionVariables=time_zone='%2B09:00',sql_mode='A,B';session wait_timeout=9,@x=1").sessionSettings).toEqual([
      "SESSION time_zone='+09:00'",
      "SESSION sql_mode='A,B'",
      'session wait_timeout=9',
      '@x=1',
    ]);
    expect(parse('connectionTimeZone=Asia/Seoul').sessionSettings).toEqual([]);
    expect(parse('connectionTimeZone=Asia/Seoul&forceConnectionTimeZoneToSession=true').sessionSettings).toEqual([
      "SESSION time_zone='Asia/Seoul'",
    ]);
  });

  test('without a pattern for databases, MariaDB’s driver looks through one and MySQL’s through all', () => {
    expect([parse('').nullDatabaseMeansCurrent, parse('', {}, 'mariadb').nullDatabaseMeansCurrent]).toEqual([false, true]);
    expect(parse('nullDatabaseMeansCurrent=true').nullDatabaseMeansCurrent).toBe(true);
  });

  test('what has no effect is named; what is always so here is not', () => {
    expect(
      parse('useUnicode=true&characterEncoding=UTF-8&rewriteBatchedStatements=true&useCursorFetch=true&serverTimezone=UTC').warnings,
    ).toEqual([]);
    expect(parse('profileSQL=true', { autoDeserialize: 'true' }).warnings).toEqual([
      'The database parameter "profileSQL" is not supported and is left out.',
      'The database parameter "autoDeserialize" is not supported and is left out.',
    ]);
  });

  test('LOCAL INFILE and several statements stay off', () => {
    const { warnings } = parse('allowMultiQueries=true&allowLoadLocalInfile=TRUE&allowLocalInfile=1&allowLoadLocalInfileInPath=/etc');
    expect(warnings).toHaveLength(4);
    expect(warnings).toContainEqual(
      'The database parameter "allowMultiQueries" is left out: several statements in one text are never allowed here.',
    );
    expect(parse('allowMultiQueries=false').warnings).toEqual([]);
  });

  test('`__proto__` and the like are parameters like any other', () => {
    expect(parse('__proto__=1&constructor=2').warnings).toHaveLength(2);
  });
});

test('driver properties of a connector', () => {
  expect(
    driverProperties({
      name: 'x',
      'connection.url': 'jdbc:mysql://db',
      'connection.user': 'u',
      'connection.password': 'p',
      'connection.attempts': '3',
      'connection.backoff.ms': '10',
      'connection.useSSL': 'false',
      'connectionless.useSSL': 'false',
    }),
  ).toEqual({ user: 'u', password: 'p', useSSL: 'false' });
});
