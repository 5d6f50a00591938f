-- The tables of these pipelines, and a user for them. Off, so that "modified TIMESTAMP" is NOT NULL: timestamp modes refuse columns that may be NULL.
SET SESSION explicit_defaults_for_timestamp = 0;
CREATE DATABASE kafkadb;
CREATE DATABASE kafkacopy;
CREATE USER kafka@'%' IDENTIFIED BY 'kafka123';
GRANT ALL ON kafkadb.* TO kafka@'%';
GRANT ALL ON kafkacopy.* TO kafka@'%';
USE kafkadb;
CREATE TABLE customers (
  id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  email VARCHAR(255) NOT NULL UNIQUE KEY,
  created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  modified TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  KEY modified (modified, id)
);
CREATE TABLE products (
  seq INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  modified TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  KEY modified (modified)
);
CREATE TABLE orders (
  seq INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  product VARCHAR(255) NOT NULL
);
CREATE TABLE bulk_tab (
  name VARCHAR(255),
  log VARCHAR(255)
);
