DROP TABLE profile_facets;
DROP TABLE profile_tokens;
DROP TABLE profile_claims;
DROP TABLE profile_assessments;
DROP TABLE profile_contacts;
DROP TABLE portfolios;
DROP TABLE profile_revisions;
DROP TABLE profiles;
