/** The tables of a well-known introduction to JDBC connectors, one for each mode: timestamp+incrementing, timestamp, incrementing, bulk. */

/**
 * `modified` says nothing of NULL: it is NOT NULL only where explicit_defaults_for_timestamp is off, and a timestamp column that may be NULL is
 * refused (validate.non.null). One line each, as a server's first start needs them.
 */
export const DEMO_TABLES = {
  customers: `CREATE TABLE customers (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL, email VARCHAR(255) NOT NULL UNIQUE KEY, created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, modified TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)`,
  products: `CREATE TABLE products (seq INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL, created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, modified TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)`,
  orders: `CREATE TABLE orders (seq INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL, product VARCHAR(255) NOT NULL)`,
  bulk_tab: 'CREATE TABLE bulk_tab (name VARCHAR(255), log VARCHAR(255))',
} as const;

export type DemoTable = keyof typeof DEMO_TABLES;
