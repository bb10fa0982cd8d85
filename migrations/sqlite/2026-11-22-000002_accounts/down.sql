DROP TABLE invitations_private;
DROP TABLE invitations;
DROP TABLE memberships;
DROP TABLE organisations;
DROP TABLE people_private;
DROP TABLE people;
