DROP TABLE exchange_rates;
DROP TABLE corridor_revisions;
