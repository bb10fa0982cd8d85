DROP TABLE mail_deliveries;
DROP TABLE followers;
DROP TABLE signing_keys;
DROP TABLE mailed_tokens;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
