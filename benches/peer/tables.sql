-- What is loaded: the world, startups and investors by code. A code of 0 and an amount of -1 stand for "not said".
CREATE TABLE country (code smallint PRIMARY KEY, region smallint NOT NULL, usual bigint NOT NULL);
CREATE TABLE corridor (home smallint, market smallint, regulation int, protection int, treaty int, culture int,
    favoured smallint NOT NULL, prohibited bool NOT NULL, prohibited_sector smallint NOT NULL, PRIMARY KEY (home, market));
CREATE TABLE flow (home smallint, market smallint, deals bigint NOT NULL, PRIMARY KEY (home, market));
CREATE TABLE sector (code smallint PRIMARY KEY, parent smallint NOT NULL, usual bigint NOT NULL, regulated bool NOT NULL);
CREATE TABLE round (code smallint PRIMARY KEY, usual bigint NOT NULL);
CREATE TABLE ticket (code smallint PRIMARY KEY, usual bigint NOT NULL);
CREATE TABLE place (code int PRIMARY KEY, country smallint NOT NULL, usual bigint NOT NULL);

CREATE TABLE stated (id int PRIMARY KEY, active bool, home smallint, place int, sector smallint, f1 smallint,
    f2 smallint, f3 smallint, f4 smallint, stage smallint, round smallint, cheque bigint, target bigint, tz smallint,
    tags bigint, needs int, types int, exclude_types int, models smallint, organisations bigint,
    b1 int, b2 int, b3 int, b4 int, backers smallint, t1 smallint, l1 smallint, t2 smallint, l2 smallint,
    t3 smallint, l3 smallint, s1 smallint, v1 smallint, s2 smallint, v2 smallint, s3 smallint, v3 smallint,
    languages smallint, interpreter bool, m1 smallint, m2 smallint, m3 smallint, m4 smallint, m5 smallint,
    m6 smallint, pitch int, judges bigint, pitch_day int, blocked int,
    says_references bool, says_accelerators bool, says_localised bool, says_offers bool, says_contacts bool);
CREATE TABLE reference (startup int, country smallint, worth bigint, day int, verified bool);
CREATE TABLE accelerator (startup int, country smallint, worth bigint);
CREATE TABLE regulatory (startup int, country smallint, worth bigint);
CREATE TABLE protection (startup int, country smallint, worth bigint);
CREATE TABLE localised (startup int, country smallint);
CREATE TABLE offer (startup int, country smallint, worth bigint);
CREATE TABLE contact (startup int, country smallint, worth bigint);

CREATE TABLE investor (id int PRIMARY KEY, active bool, kind int, home smallint, place int, generalist bool,
    strict bool, interpreter bool, tags bigint, stage_lo smallint, stage_hi smallint, ticket_lo bigint,
    ticket_hi bigint, tz smallint, organisations bigint, models smallint, offers int, asked bigint, answered bigint,
    updated int, hard_lo smallint, hard_hi smallint, hard_ticket bool, hard_models bool, only_targets bool,
    says_languages bool);
CREATE TABLE market (investor int, country smallint);
CREATE TABLE access (investor int, country smallint, level smallint);
CREATE TABLE focus (investor int, sector smallint, level smallint);
CREATE TABLE language (investor int, code smallint, level smallint);
CREATE TABLE excluded_home (investor int, country smallint);
CREATE TABLE excluded_sector (investor int, sector smallint);
CREATE TABLE deal (investor int, number smallint, home smallint, place int, round smallint, amount bigint);
CREATE TABLE deal_sector (investor int, number smallint, sector smallint);
CREATE TABLE tie (investor int, number smallint, other int);
